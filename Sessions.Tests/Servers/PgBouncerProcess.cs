using Npgsql;

namespace Sessions.Tests.Servers;

/// <summary>A PgBouncer in transaction mode before a server: each transaction of a client may run on another connection of few.</summary>
internal sealed class PgBouncerProcess : IAsyncDisposable
{
    private readonly ServerProcess _server;

    private PgBouncerProcess(ServerProcess server, string connectionString)
    {
        (_server, ConnectionString) = (server, connectionString);
    }

    public string ConnectionString { get; }

    /// <summary>Starts one; a test without it fails in CI and is skipped elsewhere.</summary>
    public static async Task<PgBouncerProcess> StartAsync(string connectionString, int connections)
    {
        var program =
            ServerFiles.FindProgram("pgbouncer", "/usr/sbin") ?? throw SharedServer.Missing("There is no PgBouncer: install pgbouncer.");
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var password = target.Password is null ? "" : $" password='{target.Password.Replace("'", "''", StringComparison.Ordinal)}'";
        var folder = await PostgresPrograms.NewFolderAsync();
        while (true)
        {
            var port = ServerFiles.NextPort();
            var settings = Path.Combine(folder, "pgbouncer.ini");
            await File.WriteAllTextAsync(
                settings,
                $"""
                [databases]
                {target.Database} = host={target.Host} port={target.Port} user={target.Username}{password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = {connections}
                max_client_conn = 200
                """
            );
            if (
                await ServerProcess.StartAsync(
                    folder,
                    "process up",
                    "Address already in use",
                    PostgresPrograms.AsOrdinaryUser(program, settings)
                ) is
                { } server
            )
            {
                return new(
                    server,
                    new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port }.ConnectionString
                );
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
