using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Feeds;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

[CancelAfter(120_000)]
public sealed class PostgresFeedFaultTests
{
    private PostgresProcess _server = null!;
    private PostgresProxy _proxy = null!;
    private PostgresSessionStore _listening = null!;
    private PostgresSessionStore _writing = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task SetUp()
    {
        if (!PostgresProcess.IsInstalled)
        {
            throw TestServers.Postgres.Missing();
        }

        _server = await PostgresProcess.StartAsync("fsync=off");
        _proxy = new PostgresProxy(_server.ConnectionString);
        _listening = new PostgresSessionStore(new() { ConnectionString = _proxy.ConnectionString });
        _writing = new PostgresSessionStore(new() { ConnectionString = _server.ConnectionString });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _listening.DisposeAsync();
        await _writing.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_listening_connection_that_is_terminated_is_noticed_and_made_again()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
        await using var command = source.CreateCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        );
        await command.ExecuteScalarAsync(Token);

        await feed.AssertDisconnectsAsync();
        await ReconnectAsync();
        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task A_server_that_is_killed_is_noticed_and_listened_to_when_it_is_back()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await _server.KillAsync();
        await feed.AssertDisconnectsAsync();
        Assert.That(feed.IsConnected, Is.False);
        await _server.RestartAsync();

        await ReconnectAsync();
        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task A_server_that_is_paused_counts_as_lost_until_it_goes_on()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await using (await _server.PauseAsync())
        {
            await feed.AssertDisconnectsAsync();
            Assert.That(feed.IsConnected, Is.False);
        }

        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task A_connection_that_is_half_open_counts_as_lost_and_another_is_made()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await _proxy.HoldResponses();

        await feed.AssertDisconnectsAsync();
        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task With_several_hosts_the_primary_is_listened_to()
    {
        await using var replica = await PostgresProcess.StartReplicaAsync(_server, "fsync=off");
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = $"Host=127.0.0.1:{replica.Port},127.0.0.1:{_server.Port};Username=postgres;Database=postgres" }
        );

        using var feed = await FeedProbe.ConnectAsync(store, _writing);
    }

    [Test]
    public async Task A_listening_connection_is_closed_without_listeners()
    {
        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
        await using var store = new PostgresSessionStore(new() { DataSource = source });
        using (await FeedProbe.ConnectAsync(store, _writing)) { }

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

    /// <summary>Pooled connections from before each fail once.</summary>
    private async Task ReconnectAsync()
    {
        var nobody = new SampleSessions(TimeProvider.System, SeededRandom.Create()).NewId(null);
        for (var failures = 0; ; failures++)
        {
            try
            {
                await _writing.FetchAsync(nobody, Token);
                return;
            }
            catch (SessionStoreException) when (failures < 100)
            {
                // Counted.
            }
        }
    }
}
