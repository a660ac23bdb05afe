using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>The server goes away and comes back.</summary>
[CancelAfter(120_000)]
public sealed class PostgresOutageTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public void Need_the_programs()
    {
        if (!PostgresProcess.IsInstalled)
        {
            throw TestServers.Postgres.Missing();
        }
    }

    [Test]
    public async Task A_server_killed_under_load_keeps_what_it_acknowledged()
    {
        const int callers = 8;
        await using var server = await PostgresProcess.StartAsync();
        await using var store = new PostgresSessionStore(new() { ConnectionString = server.ConnectionString });
        await store.PrepareAsync(Token);
        var created = new ConcurrentDictionary<SessionId, Session>();
        var deleted = new ConcurrentDictionary<SessionId, bool>();
        var doubtful = new ConcurrentDictionary<SessionId, bool>();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var load = Enumerable.Range(0, callers).Select(caller => Task.Run(() => LoadAsync($"user {caller}"))).ToList();
        await busy.Task.WaitAsync(Token);
        await server.KillAsync();
        await Task.WhenAll(load);
        await server.RestartAsync();

        await ReconnectAsync(store, created.Keys.First());
        var lost = new List<SessionId>();
        foreach (var (id, session) in created)
        {
            if (
                !doubtful.ContainsKey(id)
                && await store.FetchAsync(id, Token) is var found
                && found != (deleted.ContainsKey(id) ? null : session)
            )
            {
                lost.Add(id);
            }
        }

        Assert.That(lost, Is.Empty);
        Assert.That((deleted.Count, created.Count), Is.GreaterThan((50, 100)));

        async Task LoadAsync(string user)
        {
            while (true)
            {
                var session = _samples.CreateFull(user);
                try
                {
                    await store.CreateAsync(session, null, Token);
                    created[session.Id] = session;
                    if (created.Count % 2 == 0)
                    {
                        doubtful[session.Id] = true;
                        await store.DeleteAsync(session.Id, Token);
                        deleted[session.Id] = true;
                        doubtful.TryRemove(session.Id, out _);
                    }
                }
                catch (SessionStoreException)
                {
                    return;
                }

                if (deleted.Count > 200)
                {
                    busy.TrySetResult();
                }
            }
        }
    }

    [Test]
    public async Task A_host_starts_without_its_server_and_heals_when_it_is_there()
    {
        await using var server = await PostgresProcess.StartAsync("fsync=off");
        await server.KillAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSessionUp().UsePostgres(server.ConnectionString);
        using var host = builder.Build();
        var session = _samples.CreateFull();

        await host.StartAsync(Token);
        var store = host.Services.GetRequiredService<ISessionStore>();
        Assert.That(
            () => store.CreateAsync(session, null, Token).AsTask(),
            Throws.TypeOf<SessionStoreException>().With.InnerException.InstanceOf<NpgsqlException>()
        );
        await server.RestartAsync();

        await store.CreateAsync(session, null, Token);
        Assert.That(await store.FetchAsync(session.Id, Token), Is.EqualTo(session));
        await host.StopAsync(Token);
    }

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
            () => store.FetchAsync(_samples.NewId(null), Token).AsTask(),
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
        var (kept, revoked, late) = (_samples.CreateFull(), _samples.CreateFull(), _samples.CreateFull());
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

        await ReconnectAsync(store, kept.Id);
        Assert.That(await store.FetchAsync(kept.Id, Token), Is.EqualTo(kept));
        // Acknowledged, but not replicated: only synchronous_standby_names, a setting of the server, would have waited for it.
        Assert.That(await store.FetchAsync(late.Id, Token), Is.Null);
        Assert.That(await store.FetchAsync(revoked.Id, Token), Is.EqualTo(revoked));
        await store.DeleteAsync(revoked.Id, Token);
        Assert.That(await store.FetchAsync(revoked.Id, Token), Is.Null);
    }

    /// <summary>Connections from before the outage may each fail once, with the one kind of exception; a failure is never "not found".</summary>
    private static async Task ReconnectAsync(PostgresSessionStore store, SessionId id)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await store.FetchAsync(id, Token);
                await TestContext.Out.WriteLineAsync($"Recovered after {failures} failures.");
                return;
            }
            catch (SessionStoreException) when (failures < 100)
            {
                // Counted.
            }
        }
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
