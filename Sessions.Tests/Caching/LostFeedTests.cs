using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>A feed that is down is not trusted, and what was remembered before it came back neither.</summary>
public sealed class LostFeedTests : CacheTests
{
    [Test]
    public async Task Before_the_feed_is_connected_every_request_asks_the_store()
    {
        var node = new CachedNode(Data, Clock);
        await using var disposed = node;
        var ann = await SignInAsync();

        await node.AuthAsync(ann.Token, Token);
        await node.AuthAsync(ann.Token, Token);

        Assert.That(node.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task While_the_feed_is_lost_every_request_asks_the_store()
    {
        var ann = await RememberedAsync();

        await Node.Feed.LoseAsync(Token);

        Assert.That(
            await FetchesAsync(async () =>
            {
                await AssertAcceptedAsync(ann.Token);
                await AssertAcceptedAsync(ann.Token);
            }),
            Is.EqualTo(2)
        );
        await EndUntoldAsync(ann.Session.Id);
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task While_the_feed_is_lost_no_two_requests_share_an_answer()
    {
        var ann = await SignInAsync();
        await Node.Feed.LoseAsync(Token);
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await EndUntoldAsync(ann.Session.Id);

        await AssertUnknownAsync(ann.Token);

        held.Release();
        await before;
    }

    [Test]
    public async Task Whoever_waited_for_anothers_answer_when_the_feed_was_lost_asks_himself()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var first = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);
        await Node.Feed.LoseAsync(Token);
        await EndUntoldAsync(ann.Session.Id);
        held.Release();

        Assert.That((await first, await joined), Is.EqualTo((SessionRejection.None, SessionRejection.Unknown)));
    }

    [Test]
    public async Task What_was_remembered_before_a_gap_is_forgotten_when_the_feed_is_back()
    {
        var ann = await RememberedAsync();
        await Node.Feed.LoseAsync(Token);
        await EndUntoldAsync(ann.Session.Id);

        await Node.Feed.ConnectAsync(Token);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task What_was_remembered_is_forgotten_also_when_only_a_new_connection_tells_of_the_gap()
    {
        // As of a driver that connects again by itself, and says so afterwards.
        var ann = await RememberedAsync();
        await EndUntoldAsync(ann.Session.Id);

        Node.Feed.ConnectedAgain();

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task An_answer_that_was_on_its_way_across_a_gap_is_neither_remembered_nor_shared()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await Node.Feed.LoseAsync(Token);
        await EndUntoldAsync(ann.Session.Id);
        await Node.Feed.ConnectAsync(Token);

        var after = await AuthAsync(ann.Token);
        held.Release();
        await before;

        Assert.That(after, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task An_answer_that_came_while_the_feed_was_lost_is_not_remembered()
    {
        var ann = await SignInAsync();
        await Node.Feed.LoseAsync(Token);
        await AssertAcceptedAsync(ann.Token);
        await EndUntoldAsync(ann.Session.Id);

        await Node.Feed.ConnectAsync(Token);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task When_the_feed_is_back_sessions_are_remembered_again()
    {
        var ann = await SignInAsync();
        await Node.Feed.LoseAsync(Token);
        await Node.Feed.ConnectAsync(Token);
        await AssertAcceptedAsync(ann.Token);

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }
}
