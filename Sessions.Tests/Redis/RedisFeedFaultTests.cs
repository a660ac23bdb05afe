using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.ChangeFeed;
using Sessions.Tests.Diagnostics;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[TestFixture(typeof(RedisResp2FaultBackend))]
[TestFixture(typeof(RedisResp3FaultBackend))]
internal sealed class RedisFeedFaultTests<TBackend> : FeedFaultTests<TBackend>
    where TBackend : RedisFaultBackend, new()
{
    private RedisProcess Server => Backend.Server;

    [Test]
    public async Task A_second_connection_that_comes_late_is_waited_for_and_not_tried_again_after_a_pause()
    {
        Backend.Proxy.HoldSecondConnection();
        using var connection = await ConnectionMultiplexer.ConnectAsync(Backend.AddProtocol(Backend.Proxy.Endpoint));
        // Its clock stands still, so that a pause would never end.
        var time = new ManualTimeProvider();
        await using var hub = ChangeFeedBroker.Create(
            (hub, cancellationToken) =>
            {
                var listening = new RedisChangeFeed(connection, new(RedisTestPrefix.Next()), hub, time).ListenAsync(cancellationToken);
                Backend.Proxy.ReleaseResponses();
                return listening;
            },
            time,
            NullLogger.Instance
        );
        var listener = new RecordingChangeListener();

        using var subscription = hub.Subscribe(listener);

        await listener.WaitForConnectionsAsync(1, Token);
    }

    [Test]
    public async Task A_subscription_that_the_application_ends_by_mistake_is_noticed()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Backend.AddProtocol(Server.Endpoint));
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
        using var feed = await ConnectAsync();
        var channel = (await Server.CallAsync("PUBSUB", "CHANNELS", "*changes")).Items!.Single().Text!;

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
            await Server.CallAsync("PUBLISH", channel, garbage);
        }

        await feed.AssertDeliversAsync(Writing);
        Assert.That((feed.Connections, feed.Disconnections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_user_who_may_no_longer_publish_ends_sessions_all_the_same_and_the_feed_is_down()
    {
        using var feed = await ConnectAsync();
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        var session = samples.Create();
        await Writing.CreateAsync(session, null, Token);

        await Server.CallAsync("ACL", "SETUSER", "default", "-publish");

        Assert.That((await Writing.DeleteAsync(session.Id, Token))!.Id, Is.EqualTo(session.Id));
        Assert.That(await Writing.FetchSessionAsync(session.Id, Token), Is.Null);
        await feed.AssertDisconnectsAsync();
        await Server.CallAsync("ACL", "SETUSER", "default", "+publish");
        await feed.AssertReconnectsAsync(Writing, 2);
    }

    [Test]
    public async Task Nothing_is_left_on_the_connection_of_the_application()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Backend.AddProtocol(Server.Endpoint));
        await using var store = new RedisSessionStore(new() { Connection = connection });
        for (var i = 0; i < 3; i++)
        {
            using var feed = await FeedProbe.ConnectAsync(store, store);
        }

        await store.DisposeAsync();
        // Behind whatever was sent before it.
        await connection.GetSubscriber().PingAsync();

        Assert.That((await Server.CallAsync("PUBSUB", "CHANNELS", "sessions:*")).Items, Is.Empty);
        Assert.That(connection.IsConnected);
    }

    [Test]
    public async Task A_connection_with_a_channel_prefix_is_refused_in_words()
    {
        var log = new WarningLogger<RedisSessionStore>();
        var options = new RedisSessionOptions { Configuration = Backend.AddProtocol($"{Server.Endpoint},channelPrefix=mine:") };
        await using var store = new RedisSessionStore(options, log: log);

        using var subscription = store.ChangeFeed.Subscribe(new RecordingChangeListener());

        Assert.That((await log.NextErrorAsync(Token)).Message, Does.Contain("ChannelPrefix"));
    }
}
