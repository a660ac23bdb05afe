using System.Globalization;

namespace Sessions.Testing;

/// <summary>
/// How deep a run of the tests goes. The rounds of <see cref="SessionStoreRaceTests{TBackend}"/> are multiplied by it, and so may be
/// whatever else a test repeats. Every case runs at every effort.
/// </summary>
public static class TestEffort
{
    /// <summary>The environment variable with the factor, a positive whole number; 1 when it is not set.</summary>
    public const string Variable = "SESSIONS_TEST_EFFORT";

    /// <summary>The factor of this run.</summary>
    /// <exception cref="FormatException"><see cref="Variable"/> is no positive whole number.</exception>
    public static int Factor { get; } = Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>How often this run does what a run of effort 1 does <paramref name="count"/> times.</summary>
    public static int Scale(int count) => count * Factor;

    // A run that was meant to be deep must not end early and green.
    internal static int Parse(string? text)
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
