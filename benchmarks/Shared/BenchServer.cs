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
            (folder, port) => [program, "--bind", "127.0.0.1", "--port", $"{port}", "--dir", folder, "--save", "", "--appendonly", "no"],
            port => $"127.0.0.1:{port}"
        );
    }

    /// <summary>PostgreSQL as Debian configures it, every commit synced; null where none is installed.</summary>
    public static async Task<BenchServer?> StartPostgresAsync()
    {
        if (PostgresPrograms.Find("initdb") is not { } initdb || PostgresPrograms.Find("postgres") is not { } postgres)
        {
            return null;
        }

        var folder = await PostgresPrograms.NewFolderAsync();
        var data = Path.Combine(folder, "data");
        await PostgresPrograms.InitializeAsync(initdb, data);
        return await StartAsync(
            folder,
            "database system is ready to accept",
            (folder, port) => PostgresPrograms.ServerCommand(postgres, folder, data, port),
            port => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres"
        );
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<BenchServer> StartAsync(
        string folder,
        string readyText,
        Func<string, int, string[]> command,
        Func<int, string> connectionString
    )
    {
        while (true)
        {
            var port = ServerFiles.NextPort();
            if (await ServerProcess.StartAsync(folder, readyText, "Address already in use", command(folder, port)) is { } process)
            {
                return new(process, connectionString(port));
            }
        }
    }
}
