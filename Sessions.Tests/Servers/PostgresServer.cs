using Npgsql;
using Testcontainers.PostgreSql;

namespace Sessions.Tests.Servers;

internal sealed class PostgresServer(bool inContainer = false) : SharedServer(inContainer)
{
    protected override string Name => "PostgreSQL";

    protected override string Variable => "SESSIONS_TEST_POSTGRES";

    protected override string Packages => "postgresql (12 or newer)";

    // What is not synced is lost in a power cut only, and the tests of durability have servers of their own.
    protected override async Task<(IAsyncDisposable, string)?> StartProcessAsync() =>
        PostgresProcess.IsInstalled && await PostgresProcess.StartAsync("fsync=off") is var postgres
            ? (postgres, postgres.ConnectionString)
            : null;

    protected override Task<(IAsyncDisposable Running, string ConnectionString)?> StartContainerAsync() =>
        ContainerServer.StartAsync(
            static () =>
                new PostgreSqlBuilder(ContainerServer.Image("SESSIONS_TEST_POSTGRES_IMAGE", "postgres:15"))
                    .WithLabel(ContainerServer.Label, ContainerServer.LabelValue)
                    .WithCommand("-c", "max_connections=300")
                    .Build(),
            static container => container.GetConnectionString()
        );

    protected override async Task<string> ReadVersionAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        return connection.PostgreSqlVersion.ToString();
    }
}
