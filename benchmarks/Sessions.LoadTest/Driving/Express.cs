using System.Diagnostics;
using System.Text.Json.Nodes;
using Sessions.Tests.Servers;

namespace Sessions.LoadTest.Driving;

/// <summary>The one contender that npm installs.</summary>
internal static class Express
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Express");

    public static string Script => Path.Combine(Folder, "server.js");

    /// <summary>What it is made of, with versions.</summary>
    public static IEnumerable<string> Packages =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")))!["dependencies"]!
            .AsObject()
            .Select(static package => $"{package.Key} {package.Value}");

    /// <summary>Installs what it needs.</summary>
    /// <returns>Null, or why it cannot take part.</returns>
    public static async Task<string?> InstallAsync()
    {
        if (ServerFiles.FindProgram("node", "/usr/bin") is null || ServerFiles.FindProgram("npm", "/usr/bin") is null)
        {
            return "Node.js and npm are not installed";
        }

        using var npm = Process.Start(
            new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--loglevel", "error"])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (said, complained) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync();
        await Task.WhenAll(said, complained);
        return npm.ExitCode == 0 ? null : "the package source lacks one of its packages";
    }
}
