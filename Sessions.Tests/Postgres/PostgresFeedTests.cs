using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.ChangeFeed;
using Sessions.Tests.Diagnostics;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

[CancelAfter(60_000)]
public sealed class PostgresFeedTests
{
    private PostgresTestSchema _schema = null!;

    [SetUp]
    public async Task CreateAsync() => _schema = await PostgresTestSchema.CreateAsync();

    [TearDown]
    public async Task RemoveAsync() => await _schema.DisposeAsync();

    [Test]
    public async Task Behind_a_pooler_that_shares_out_connections_the_feed_is_down_and_the_log_says_what_to_set()
    {
        await using var bouncer = await PgBouncerProcess.StartAsync(_schema.ConnectionString, connections: 2);
        var log = new WarningLogger<PostgresSessionStore>();
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = bouncer.ConnectionString, Schema = _schema.Name },
            log: log
        );
        var listener = new RecordingChangeListener();

        using var subscription = store.ChangeFeed!.Subscribe(listener);

        Assert.That((await log.NextErrorAsync(Token)).Message, Does.Contain(nameof(PostgresSessionOptions.FeedConnectionString)));
        Assert.That((store.ChangeFeed!.Status.IsConnected, listener.Connections), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_feed_from_another_database_is_found_out()
    {
        await _schema.ExecuteAsync($"CREATE DATABASE {_schema.QuotedName}");
        try
        {
            var options = _schema.Options;
            options.FeedConnectionString = new NpgsqlConnectionStringBuilder(_schema.ConnectionString)
            {
                Database = _schema.Name,
            }.ConnectionString;
            var log = new WarningLogger<PostgresSessionStore>();
            await using var store = new PostgresSessionStore(options, log: log);

            using var subscription = store.ChangeFeed!.Subscribe(new RecordingChangeListener());

            Assert.That((await log.NextErrorAsync(Token)).Message, Does.Contain("the database of the sessions"));
        }
        finally
        {
            await _schema.ExecuteAsync($"DROP DATABASE {_schema.QuotedName} WITH (FORCE)");
        }
    }

    [Test]
    public async Task On_a_data_source_of_the_application_it_listens_beside_the_pool()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { MaxPoolSize = 1 });
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = _schema.Name });

        using var feed = await FeedProbe.ConnectAsync(store, store);
    }

    [Test]
    public async Task A_multiplexing_data_source_will_do()
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Multiplexing = true }
        );
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = _schema.Name });

        using var feed = await FeedProbe.ConnectAsync(store, store);
    }

    [Test]
    public async Task Tables_have_channels_of_their_own()
    {
        var options = _schema.Options;
        options.Table = "others";
        await using var mine = new PostgresSessionStore(_schema.Options);
        await using var others = new PostgresSessionStore(options);
        var session = new SampleSessions(TimeProvider.System, SeededRandom.Create()).Create();
        var listener = new RecordingChangeListener();
        using var subscription = mine.ChangeFeed!.Subscribe(listener);
        await listener.WaitForConnectionsAsync(1, Token);

        await others.CreateAsync(session, null, Token);
        await others.DeleteAsync(session.Id, Token);
        using var feed = await FeedProbe.ConnectAsync(mine, mine);

        Assert.That(listener.Changes, Has.Count.EqualTo(1).And.None.Property("Id").EqualTo(session.Id));
    }

    [Test]
    public async Task Garbage_on_the_channel_is_passed_over()
    {
        await using var store = new PostgresSessionStore(_schema.Options);
        using var feed = await FeedProbe.ConnectAsync(store, store);
        var channel = new PostgresSchema(_schema.Options).Channel;

        foreach (var garbage in new[] { "", "C", "E", "Xabc", "C" + new string('!', 48), new string('ü', 1000) })
        {
            await _schema.ExecuteAsync($"NOTIFY {channel}, '{garbage}'");
        }

        await feed.AssertDeliversAsync(store);
        Assert.That((feed.Connections, feed.Disconnections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_store_whose_feed_is_disabled_has_none_and_publishes_nothing()
    {
        var options = _schema.Options;
        options.ChangeFeed = false;
        await using var store = new PostgresSessionStore(options);
        await using var listening = new PostgresSessionStore(_schema.Options);
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        var heard = new RecordingChangeListener();
        using var subscription = listening.ChangeFeed!.Subscribe(heard);
        await heard.WaitForConnectionsAsync(1, Token);
        var (first, second, third) = (samples.Create(), samples.Create(), samples.Create());

        Assert.That(store.ChangeFeed, Is.Null);
        await store.CreateAsync(first, null, Token);
        await store.UpdateAsync(first.Id, new() { Values = ValuesPatch.Empty.Set("a", "b") }, Token);
        await store.CreateAsync(second, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token);
        Assert.That(await store.DeleteAsync(second.Id, Token), Is.EqualTo(second));
        await store.CreateAsync(third, null, Token);
        Assert.That(await store.DeleteAllAsync("ann", null, Token), Is.EqualTo([third]));
        using var feed = await FeedProbe.ConnectAsync(listening, listening);

        Assert.That(heard.Changes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_cache_over_a_feed_that_is_turned_off_goes_by_age_alone()
    {
        var options = _schema.Options;
        options.ChangeFeed = false;
        var clock = new ManualTimeProvider();
        await using var store = new PostgresSessionStore(options, clock);
        await using var manager = new SessionManager(store, new SessionUpOptions { Cache = new() }, clock);
        var ann = await manager.InitAsync("ann", null, Token);
        await manager.AuthAsync(ann.Token, null, Token);
        await store.DeleteAsync(ann.Session.Id, Token);

        var young = await manager.AuthAsync(ann.Token, null, Token);
        clock.Advance(TimeSpan.FromSeconds(30));
        var old = await manager.AuthAsync(ann.Token, null, Token);

        Assert.That(new SessionAdministration(manager).FeedStatus, Is.Null);
        Assert.That((young.IsAccepted, old.IsAccepted), Is.EqualTo((true, false)));
    }
}
