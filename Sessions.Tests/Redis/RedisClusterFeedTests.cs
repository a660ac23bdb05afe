using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.ChangeFeed;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[TestFixture("resp2")]
[TestFixture("resp3")]
[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisClusterFeedTests(string protocol)
{
    private RedisCluster _cluster = null!;
    private RedisSessionStore _listening = null!;
    private RedisSessionStore _writing = null!;

    [SetUp]
    public async Task SetUp()
    {
        var stores = new RedisTestStores(protocol: protocol);
        _cluster = await RedisCluster.StartAsync();
        _listening = stores.Create(_cluster.Configuration, TimeProvider.System);
        _writing = stores.Create(_cluster.Configuration, TimeProvider.System);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _listening.DisposeAsync();
        await _writing.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Changes_on_any_primary_are_delivered()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        // So many that every primary has some.
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => feed.AssertDeliversAsync(_writing, $"user {i}")));
    }

    [Test]
    public async Task Both_channels_are_on_one_connection()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        var channels = await Task.WhenAll(_cluster.Nodes.Select(static node => node.CallAsync("PUBSUB", "CHANNELS", "test:*")));

        Assert.That(channels.Select(static reply => reply.Items!.Length).Order(), Is.EqualTo([0, 0, 2]));
    }

    [Test]
    public async Task A_silent_primary_means_that_the_feed_is_down([Range(0, 2)] int number)
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        await using (await _cluster.Nodes[number].PauseAsync())
        {
            await feed.AssertDisconnectsAsync();
            Assert.That(feed.IsConnected, Is.False);
        }

        await feed.AssertReconnectsAsync(_writing, 2);
    }

    [Test]
    public async Task Listening_connections_that_are_killed_on_every_node_are_noticed_and_made_again()
    {
        using var feed = await FeedProbe.ConnectAsync(_listening, _writing);

        foreach (var node in _cluster.Nodes)
        {
            await node.CallAsync("CLIENT", "KILL", "TYPE", "pubsub");
        }

        await feed.AssertDisconnectsAsync();
        await feed.AssertReconnectsAsync(_writing, 2);
    }
}
