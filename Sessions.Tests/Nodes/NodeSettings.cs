using System.Globalization;

namespace Sessions.Tests.Nodes;

/// <summary>How long the tests of several nodes are: short with all others, long with <c>./build.sh Nodes</c>.</summary>
internal static class NodeSettings
{
    public static int Revocations { get; } = Read("SESSIONS_TEST_REVOCATIONS", 60);

    public static int StressSteps { get; } = Read("SESSIONS_TEST_STRESS_STEPS", 3000);

    private static int Read(string variable, int defaultValue) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : defaultValue;
}
