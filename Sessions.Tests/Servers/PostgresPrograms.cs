using System.Diagnostics;

namespace Sessions.Tests.Servers;

/// <summary>PostgreSQL's programs: where they are, and who may run them.</summary>
internal static class PostgresPrograms
{
    /// <summary>Null when it is not installed.</summary>
    public static string? Find(string name)
    {
        // Debian keeps the programs of each version apart.
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return ServerFiles.FindProgram(
            name,
            [.. versions.OrderDescending(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin"))]
        );
    }

    /// <summary>A command as the user that database programs accept: they refuse to run as root.</summary>
    public static string[] AsOrdinaryUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : command;

    /// <summary>A folder for that user.</summary>
    public static async Task<string> NewFolderAsync()
    {
        var folder = ServerFiles.NewFolder();
        if (Environment.IsPrivilegedProcess)
        {
            await RunToEndAsync(["chown", "postgres", folder]);
        }

        return folder;
    }

    /// <summary>The command that starts a server, with settings such as <c>fsync=off</c>.</summary>
    public static string[] ServerCommand(string program, string folder, string data, int port, params string[] settings) =>
        AsOrdinaryUser([
            program,
            "-D",
            data,
            .. new[] { $"port={port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={folder}", "max_connections=300" }
                .Concat(settings)
                .SelectMany(static setting => new[] { "-c", setting }),
        ]);

    /// <summary>Makes an empty cluster that lets everybody in.</summary>
    public static Task InitializeAsync(string initdb, string data, params string[] arguments) =>
        RunAsync(initdb, ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", .. arguments]);

    /// <summary>Runs a program to its end, as the ordinary user.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Task RunAsync(string program, params string[] arguments) => RunToEndAsync(AsOrdinaryUser([program, .. arguments]));

    private static async Task RunToEndAsync(string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await said}{await complained}");
        }
    }
}
