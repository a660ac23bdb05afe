using System.Diagnostics;
using Sessions.Tests.Servers;

namespace Sessions.Bench;

/// <summary>The commit that a part of the report was measured on: parts may be measured on their own.</summary>
internal static class MeasuredCommit
{
    public static async Task<string> FindAsync()
    {
        if (ServerFiles.FindProgram("git", "/usr/bin") is null)
        {
            return "unknown";
        }

        var commit = await AskAsync("rev-parse", "--short", "HEAD");
        // What the report writes itself is no change.
        var changed = await AskAsync("status", "--porcelain", "--", ".", ":!benchmarks/RESULTS.md", ":!benchmarks/rates.svg");
        return changed.Length == 0 ? commit : $"{commit}, with changes";
    }

    private static async Task<string> AskAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        var said = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return said.Trim();
    }
}
