using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Feeds;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
public sealed class RedisClusterFeedTests
{
    private RedisCluster _cluster = null!;
    private RedisSessionStore _listening = null!;
    private RedisSessionStore _writing = null!;

    [SetUp]
    public async Task SetUp()
    {
        var stores = new RedisStores();
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
    public async Task Changes_by_way_of_any_primary_are_heard()
    {
        using var feed = await WatchedFeed.ConnectAsync(_listening, _writing);

        // So many that every primary has some.
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => feed.AssertHearsAsync(_writing, $"user {i}")));
    }

    [Test]
    public async Task Both_channels_are_on_one_connection()
    {
        using var feed = await WatchedFeed.ConnectAsync(_listening, _writing);

        var channels = await Task.WhenAll(_cluster.Nodes.Select(static node => node.CallAsync("PUBSUB", "CHANNELS", "test:*")));

        Assert.That(channels.Select(static reply => reply.Items!.Length).Order(), Is.EqualTo([0, 0, 2]));
    }

    [Test]
    public async Task Any_primary_that_is_not_heard_means_that_the_feed_is_down([Range(0, 2)] int number)
    {
        using var feed = await WatchedFeed.ConnectAsync(_listening, _writing);

        await using (await _cluster.Nodes[number].PauseAsync())
        {
            await feed.AssertLostAsync();
            Assert.That(feed.IsConnected, Is.False);
        }

        await feed.AssertHealsAsync(_writing, 2);
    }

    [Test]
    public async Task Listening_connections_that_are_killed_on_every_node_are_noticed_and_made_again()
    {
        using var feed = await WatchedFeed.ConnectAsync(_listening, _writing);

        foreach (var node in _cluster.Nodes)
        {
            await node.CallAsync("CLIENT", "KILL", "TYPE", "pubsub");
        }

        await feed.AssertLostAsync();
        await feed.AssertHealsAsync(_writing, 2);
    }
}
