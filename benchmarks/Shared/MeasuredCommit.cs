namespace Sessions.Bench;

/// <summary>The commit that a part of the report was measured on: parts may be measured on their own.</summary>
internal static class MeasuredCommit
{
    public static async Task<string> FindAsync()
    {
        var commit = await InstalledProgram.ReadOutputAsync("git", "rev-parse", "--short", "HEAD");
        // What the report writes itself is no change.
        string[] others = [".", ":!benchmarks/RESULTS.md", ":!benchmarks/rates.svg"];
        var changed = await InstalledProgram.ReadOutputAsync("git", ["status", "--porcelain", "--", .. others]);
        // Where git has no answer, it has the same one to both.
        return changed.Length == 0 || changed == commit ? commit : $"{commit}, with changes";
    }
}
