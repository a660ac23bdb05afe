using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Tests.ChangeFeed;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

internal sealed class PostgresFeedFaultTests : FeedFaultTests<PostgresFaultBackend>
{
    private PostgresProcess Server => Backend.Server;

    [Test]
    public async Task With_several_hosts_the_primary_is_listened_to()
    {
        await using var replica = await PostgresProcess.StartReplicaAsync(Server, "fsync=off");
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = $"Host=127.0.0.1:{replica.Port},127.0.0.1:{Server.Port};Username=postgres;Database=postgres" }
        );

        using var feed = await FeedProbe.ConnectAsync(store, Writing);
    }

    [Test]
    public async Task A_listening_connection_is_closed_without_listeners()
    {
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        await using var store = new PostgresSessionStore(new() { DataSource = source });
        using (await FeedProbe.ConnectAsync(store, Writing)) { }

        await store.DisposeAsync();

        // The server takes a moment to notice, and says so to nobody.
        await using var listening = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%LISTEN%' AND pid <> pg_backend_pid()"
        );
        while (await listening.ExecuteScalarAsync(Token) is not 0L)
        {
            Token.ThrowIfCancellationRequested();
        }
    }
}
