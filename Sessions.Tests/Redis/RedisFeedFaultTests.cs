using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;
using Sessions.Tests.Feeds;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[TestFixture("resp2")]
[TestFixture("resp3")]
[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisFeedFaultTests(string protocol)
{
    private readonly RedisTestStores _stores = new(protocol: protocol);
    private RedisProcess _server = null!;
    private RedisProxy _proxy = null!;
    private RedisSessionStore _listening = null!;
    private RedisSessionStore _writing = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task SetUp()
    {
        _server = await RedisProcess.StartAsync();
        _proxy = RedisProxy.Start(_server.Port);
        _listening = Open(_proxy.Endpoint);
        _writing = Open(_server.Endpoint);
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
    public async Task A_listening_connection_that_is_killed_is_noticed_and_made_again()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await _server.CallAsync("CLIENT", "KILL", "TYPE", "pubsub");

        await feed.AssertDisconnectsAsync();
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
    public async Task A_connection_that_is_half_open_counts_as_lost_until_it_is_whole()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        _proxy.HoldResponses();
        await feed.AssertDisconnectsAsync();
        Assert.That(feed.IsConnected, Is.False);
        _proxy.ReleaseResponses();

        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task A_subscription_that_the_application_ends_by_mistake_is_noticed()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(_stores.AddProtocol(_server.Endpoint));
        await using var listening = new RedisSessionStore(new() { Connection = connection });
        await using var writing = new RedisSessionStore(new() { Connection = connection });
        using var feed = await FeedProbe.ConnectAsync(listening, writing);

        await connection.GetSubscriber().UnsubscribeAllAsync();

        await feed.AssertDisconnectsAsync();
        await feed.AssertReconnectsAsync(writing, 2);
    }

    [Test]
    public async Task Garbage_on_the_channel_is_passed_over()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);
        var channel = (await _server.CallAsync("PUBSUB", "CHANNELS", "*changes")).Items!.Single().Text!;

        foreach (
            var garbage in new[]
            {
                "",
                "C",
                "E",
                "X",
                "Eabc",
                "C" + new string('!', 48),
                new string('\xff', 1000),
                "E" + new string('a', 30),
            }
        )
        {
            await _server.CallAsync("PUBLISH", channel, garbage);
        }

        await feed.AssertDeliversAsync(_writing);
        Assert.That((feed.Connections, feed.Disconnections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_user_who_may_no_longer_publish_ends_sessions_all_the_same_and_the_feed_is_down()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        var session = samples.Create();
        await _writing.CreateAsync(session, null, Token);

        await _server.CallAsync("ACL", "SETUSER", "default", "-publish");

        Assert.That((await _writing.DeleteAsync(session.Id, Token))!.Id, Is.EqualTo(session.Id));
        Assert.That(await _writing.FetchAsync(session.Id, Token), Is.Null);
        await feed.AssertDisconnectsAsync();
        await _server.CallAsync("ACL", "SETUSER", "default", "+publish");
        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task Nothing_is_left_on_the_connection_of_the_application()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(_stores.AddProtocol(_server.Endpoint));
        await using var store = new RedisSessionStore(new() { Connection = connection });
        for (var i = 0; i < 3; i++)
        {
            using var feed = await FeedProbe.ConnectAsync(store, store);
        }

        await store.DisposeAsync();
        // Behind whatever was sent before it.
        await connection.GetSubscriber().PingAsync();

        Assert.That((await _server.CallAsync("PUBSUB", "CHANNELS", "sessions:*")).Items, Is.Empty);
        Assert.That(connection.IsConnected);
    }

    [Test]
    public async Task A_connection_with_a_channel_prefix_is_refused_in_words()
    {
        var log = new WarningLogger<RedisSessionStore>();
        var options = new RedisSessionOptions { Configuration = _stores.AddProtocol($"{_server.Endpoint},channelPrefix=mine:") };
        await using var store = new RedisSessionStore(options, log: log);

        using var subscription = store.ChangeFeed.Subscribe(new RecordingChangeListener());

        Assert.That((await log.NextErrorAsync(Token)).Message, Does.Contain("ChannelPrefix"));
    }

    private RedisSessionStore Open(string endpoint) =>
        _stores.Create($"{endpoint},connectTimeout=1000,syncTimeout=2000", TimeProvider.System);
}
