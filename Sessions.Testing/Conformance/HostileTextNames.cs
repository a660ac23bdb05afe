namespace Sessions.Testing;

/// <summary>Test cases by name: not every test host can show the texts themselves.</summary>
internal static class HostileTextNames
{
    public static IEnumerable<string> All => HostileText.All.Keys;
}
