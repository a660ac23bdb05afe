using System.Globalization;

namespace Sessions.Tests;

/// <summary>
/// How deep the run goes: the rounds of races, the sequences of the model, the steps of stress tests and the kills of processes are multiplied by it. 1 for
/// <c>./build.sh Test</c>, 20 for <c>./build.sh TestAll</c>. Every case runs at every effort.
/// </summary>
internal static class TestEffort
{
    /// <summary>The environment variable with the factor, a whole number; default 1.</summary>
    public const string Variable = "SESSIONS_TEST_EFFORT";

    public static int Factor { get; } = Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The count for this run of what a run of effort 1 does <paramref name="count"/> times.</summary>
    public static int Scale(int count) => count * Factor;

    /// <exception cref="FormatException">It is no positive whole number: a run that was meant to be deep must not end early and green.</exception>
    public static int Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 1;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var factor) && factor > 0
            ? factor
            : throw new FormatException($"{Variable} is '{text}'; it has to be a positive whole number.");
    }
}
