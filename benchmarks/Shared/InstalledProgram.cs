using System.Diagnostics;
using Sessions.Tests.Servers;

namespace Sessions.Bench;

/// <summary>What the programs of this machine say of themselves.</summary>
internal static class InstalledProgram
{
    /// <summary>
    /// The first line that a program says to these arguments, in its complaints if nowhere else; "not installed" where it is not.
    /// </summary>
    public static async Task<string> ReadOutputAsync(string program, params string[] arguments)
    {
        if ((ServerFiles.FindProgram(program, "/usr/bin") ?? PostgresPrograms.Find(program)) is not { } path)
        {
            return "not installed";
        }

        using var process = Process.Start(
            new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var complained = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return $"{said}{await complained}".Split('\n')[0].Trim();
    }
}
