using Npgsql;

namespace Sessions.Tests.Servers;

internal sealed partial class PostgresServer : SharedServer
{
    protected override string Name => "PostgreSQL";

    protected override string Variable => "SESSIONS_TEST_POSTGRES";

    protected override string Packages => "postgresql (12 or newer)";

    // What is not synced is lost in a power cut only, and the tests of durability have servers of their own.
    protected override async Task<(IAsyncDisposable, string)?> StartProcessAsync() =>
        PostgresProcess.IsInstalled && await PostgresProcess.StartAsync("fsync=off") is var postgres
            ? (postgres, postgres.ConnectionString)
            : null;

    protected override async Task<string> ReadVersionAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        return connection.PostgreSqlVersion.ToString();
    }
}
