using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>Several managers with caches in one process.</summary>
public sealed class MultipleCacheTests : CacheTestBase
{
    [Test]
    public async Task What_one_caches_the_other_does_not()
    {
        var other = await AddNodeAsync();
        var ann = await SignInCachedAsync();

        await other.AuthAsync(ann.Token, Token);
        await other.AuthAsync(ann.Token, Token);

        Assert.That((Node.FetchCount, other.FetchCount), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task News_of_one_store_are_none_of_the_other()
    {
        var other = await AddNodeAsync();
        var ann = await SignInCachedAsync();
        await other.AuthAsync(ann.Token, Token);

        Node.Feed.Publish(ann.Session.Id, SessionChangeKind.Changed);
        await other.AuthAsync(ann.Token, Token);

        Assert.That(other.FetchCount, Is.EqualTo(1));
        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_feed_that_is_lost_under_one_leaves_the_other_connected()
    {
        var other = await AddNodeAsync();
        var ann = await SignInCachedAsync();
        await other.AuthAsync(ann.Token, Token);

        await Node.Feed.DisconnectAsync(Token);
        await other.AuthAsync(ann.Token, Token);

        Assert.That(other.FetchCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Two_managers_over_one_store_both_receive_changes()
    {
        var second = new SessionManager(Node.Feed, new SessionUpOptions { Cache = new() }, Clock);
        await using var disposed = second;
        var ann = await SignInCachedAsync();
        await second.AuthAsync(ann.Token, null, Token);

        await DeleteAndPublishAsync(ann.Session.Id);

        await AssertUnknownAsync(ann.Token);
        Assert.That((await second.AuthAsync(ann.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task A_manager_that_is_disposed_hangs_up_when_it_was_the_last_to_listen()
    {
        var second = new SessionManager(Node.Feed, new SessionUpOptions { Cache = new() }, Clock);

        await second.DisposeAsync();
        var whileOneListens = Node.Administration.FeedStatus!.Value.IsConnected;
        await Node.Manager.DisposeAsync();

        Assert.That(whileOneListens);
        await Node.Feed.ConnectionCancelled.WaitAsync(Token);
    }

    [Test]
    public async Task A_manager_without_a_cache_does_not_subscribe_and_fetches_each_time()
    {
        var node = new CachedNode(Data, Clock, configure: o => o.Cache = null);
        await using var disposed = node;
        var ann = await SignInAsync();

        await node.AuthAsync(ann.Token, Token);
        await node.AuthAsync(ann.Token, Token);

        Assert.That(node.FetchCount, Is.EqualTo(2));
        Assert.That(node.Feed.HasListeners, Is.False);
    }
}
