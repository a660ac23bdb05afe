using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Durability;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

internal sealed class PostgresOutageTests : OutageTests<PostgresFaultBackend>
{
    [Test]
    public async Task A_host_whose_server_turns_out_to_be_wrong_keeps_saying_why()
    {
        await using var server = await PostgresProcess.StartAsync("fsync=off");
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using var command = source.CreateCommand("CREATE TABLE sessions (sid text)");
            await command.ExecuteNonQueryAsync(Token);
        }

        await server.KillAsync();
        await using var store = new PostgresSessionStore(new() { ConnectionString = server.ConnectionString });
        Assert.That(() => store.PrepareAsync(Token).AsTask(), Throws.TypeOf<SessionStoreException>());
        await server.RestartAsync();

        Assert.That(
            () => store.FetchSessionAsync(Samples.NewId(null), Token).AsTask(),
            Throws.TypeOf<SessionStoreException>().With.InnerException.TypeOf<SessionConfigurationException>()
        );
    }

    [Test]
    public async Task After_a_promotion_there_is_what_had_been_replicated()
    {
        await using var primary = await PostgresProcess.StartAsync("fsync=off");
        await using var replica = await PostgresProcess.StartReplicaAsync(primary, "fsync=off");
        await using var store = new PostgresSessionStore(
            new()
            {
                ConnectionString =
                    $"Host=127.0.0.1:{primary.Port},127.0.0.1:{replica.Port};Username=postgres;Database=postgres;Host Recheck Seconds=0",
            }
        );
        var (kept, revoked, late) = (Samples.CreateFull(), Samples.CreateFull(), Samples.CreateFull());
        await store.CreateAsync(kept, null, Token);
        await store.CreateAsync(revoked, null, Token);

        await using var onPrimary = NpgsqlDataSource.Create(primary.ConnectionString);
        await using var onReplica = NpgsqlDataSource.Create(replica.ConnectionString);
        await using (var command = onPrimary.CreateCommand("SELECT pg_current_wal_lsn()::text"))
        {
            await WaitUntilAsync(onReplica, $"SELECT pg_last_wal_replay_lsn() >= '{await command.ExecuteScalarAsync(Token)}'");
        }

        await ExecuteAsync(onReplica, "ALTER SYSTEM SET primary_conninfo = ''");
        await ExecuteAsync(onReplica, "SELECT pg_reload_conf()");
        await WaitUntilAsync(onPrimary, "SELECT count(*) = 0 FROM pg_stat_replication");
        await store.CreateAsync(late, null, Token);
        await store.DeleteAsync(revoked.Id, Token);
        await primary.KillAsync();
        await replica.PromoteAsync();

        await new PostgresFaultBackend().RecoverAsync(store, kept.Id, Token);
        Assert.That(await store.FetchSessionAsync(kept.Id, Token), Is.EqualTo(kept));
        // Acknowledged, but not replicated: only synchronous_standby_names, a setting of the server, would have waited for it.
        Assert.That(await store.FetchSessionAsync(late.Id, Token), Is.Null);
        Assert.That(await store.FetchSessionAsync(revoked.Id, Token), Is.EqualTo(revoked));
        await store.DeleteAsync(revoked.Id, Token);
        Assert.That(await store.FetchSessionAsync(revoked.Id, Token), Is.Null);
    }

    // Replication tells nobody when it is done. Each question takes the server a while, so asking again is no tight loop.
    private static async Task WaitUntilAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        while (!(bool)(await command.ExecuteScalarAsync(Token))!)
        {
            Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
