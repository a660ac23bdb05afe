using System.Diagnostics;
using System.Globalization;
using Sessions.Tests.Servers;

namespace Sessions.Bench;

/// <summary>A database server of the run's own, on a loopback port, gone with the program however that ends.</summary>
internal sealed class BenchServer(ServerProcess process, string connectionString) : IAsyncDisposable
{
    public string ConnectionString { get; } = connectionString;

    /// <summary>Redis without persistence; null where none is installed.</summary>
    public static async Task<BenchServer?> StartRedisAsync()
    {
        if (ServerFiles.FindProgram("redis-server", "/usr/bin", "/usr/local/bin") is not { } program)
        {
            return null;
        }

        return await StartAsync(
            ServerFiles.NewFolder(),
            "Ready to accept connections",
            (folder, port) => [program, "--bind", "127.0.0.1", "--port", port, "--dir", folder, "--save", "", "--appendonly", "no"],
            port => $"127.0.0.1:{port}"
        );
    }

    /// <summary>PostgreSQL as Debian configures it, every commit synced; null where none is installed.</summary>
    public static async Task<BenchServer?> StartPostgresAsync()
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        string? Find(string name) => ServerFiles.FindProgram(name, [.. folders.Select(static folder => Path.Combine(folder, "bin"))]);
        if (Find("initdb") is not { } initdb || Find("postgres") is not { } postgres)
        {
            return null;
        }

        var folder = ServerFiles.NewFolder();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", folder);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync(AsOrdinaryUser(initdb, "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"));
        return await StartAsync(
            folder,
            "database system is ready to accept",
            (folder, port) =>
                AsOrdinaryUser([
                    postgres,
                    "-D",
                    data,
                    .. new[]
                    {
                        $"port={port}",
                        "listen_addresses=127.0.0.1",
                        $"unix_socket_directories={folder}",
                        "max_connections=200",
                    }.SelectMany(static setting => new[] { "-c", setting }),
                ]),
            port => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres"
        );
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<BenchServer> StartAsync(
        string folder,
        string readyText,
        Func<string, string, string[]> command,
        Func<string, string> connectionString
    )
    {
        while (true)
        {
            var port = ServerFiles.NextPort().ToString(CultureInfo.InvariantCulture);
            if (await ServerProcess.StartAsync(folder, readyText, "Address already in use", command(folder, port)) is { } process)
            {
                return new(process, connectionString(port));
            }
        }
    }

    // Database programs refuse to run as root.
    private static string[] AsOrdinaryUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : command;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardOutput = true }
        )!;
        _ = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[0]} ended with exit code {process.ExitCode}.");
        }
    }
}
