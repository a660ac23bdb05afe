namespace Sessions.Tests;

/// <summary>Kinds of tests that not every run has.</summary>
internal static class TestCategories
{
    /// <summary>Waits for minutes of real time. <c>./build.sh TestAll</c> runs it, <c>./build.sh Test</c> does not.</summary>
    public const string Long = "Long";
}
