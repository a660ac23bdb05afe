using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>A feed that is down is not trusted, and what was remembered before it came back neither.</summary>
public sealed class FeedLossTests : CacheTestBase
{
    [Test]
    public async Task Before_the_feed_is_connected_every_request_calls_the_store()
    {
        var node = new CachedNode(Data, Clock);
        await using var disposed = node;
        var ann = await SignInAsync();

        await node.AuthAsync(ann.Token, Token);
        await node.AuthAsync(ann.Token, Token);

        Assert.That(node.FetchCount, Is.EqualTo(2));
    }

    [Test]
    public async Task While_the_feed_is_lost_every_request_calls_the_store()
    {
        var ann = await SignInCachedAsync();

        await Node.Feed.DisconnectAsync(Token);

        Assert.That(
            await CountFetchesAsync(async () =>
            {
                await AssertAcceptedAsync(ann.Token);
                await AssertAcceptedAsync(ann.Token);
            }),
            Is.EqualTo(2)
        );
        await DeleteUnpublishedAsync(ann.Session.Id);
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task While_the_feed_is_lost_no_two_requests_share_an_answer()
    {
        var ann = await SignInAsync();
        await Node.Feed.DisconnectAsync(Token);
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await DeleteUnpublishedAsync(ann.Session.Id);

        await AssertUnknownAsync(ann.Token);

        held.Release();
        await before;
    }

    [Test]
    public async Task A_request_that_shared_a_fetch_when_the_feed_was_lost_fetches_again()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var first = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);
        await Node.Feed.DisconnectAsync(Token);
        await DeleteUnpublishedAsync(ann.Session.Id);
        held.Release();

        Assert.That((await first, await joined), Is.EqualTo((SessionRejection.None, SessionRejection.Unknown)));
    }

    [Test]
    public async Task What_was_cached_before_a_gap_is_invalidated_when_the_feed_is_back()
    {
        var ann = await SignInCachedAsync();
        await Node.Feed.DisconnectAsync(Token);
        await DeleteUnpublishedAsync(ann.Session.Id);

        await Node.Feed.ConnectAsync(Token);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task What_was_cached_is_invalidated_also_when_only_a_new_connection_shows_the_gap()
    {
        // As of a driver that connects again by itself, and says so afterwards.
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);

        Node.Feed.Reconnect();

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_fetch_in_flight_across_a_gap_is_neither_cached_nor_shared()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await Node.Feed.DisconnectAsync(Token);
        await DeleteUnpublishedAsync(ann.Session.Id);
        await Node.Feed.ConnectAsync(Token);

        var after = await AuthAsync(ann.Token);
        held.Release();
        await before;

        Assert.That(after, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_fetch_that_ended_while_the_feed_was_lost_is_not_cached()
    {
        var ann = await SignInAsync();
        await Node.Feed.DisconnectAsync(Token);
        await AssertAcceptedAsync(ann.Token);
        await DeleteUnpublishedAsync(ann.Session.Id);

        await Node.Feed.ConnectAsync(Token);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task When_the_feed_is_back_sessions_are_cached_again()
    {
        var ann = await SignInAsync();
        await Node.Feed.DisconnectAsync(Token);
        await Node.Feed.ConnectAsync(Token);
        await AssertAcceptedAsync(ann.Token);

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }
}
