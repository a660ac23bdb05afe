using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>A connection that is open on one side only brings neither news nor errors.</summary>
public sealed class SilentFeedTests : CacheTests
{
    [Test]
    public async Task With_heartbeats_sessions_stay_remembered()
    {
        var ann = await RememberedAsync();

        Node.Advance(TimeSpan.FromSeconds(20));

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_feed_that_is_silent_too_long_is_not_trusted(bool timersCome)
    {
        var node = await AddNodeAsync(timersCome: timersCome);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await EndUntoldAsync(ann.Session.Id);

        Clock.Advance(SessionChangeHub.Silence - Millisecond);
        var before = await node.RejectionAsync(ann.Token, Token);
        Clock.Advance(Millisecond + Millisecond);

        Assert.That(before, Is.EqualTo(SessionRejection.None), "Nobody can know yet.");
        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
        Assert.That(node.Manager.FeedStatus!.Value.IsConnected, Is.False);
    }

    [Test]
    public async Task A_beat_after_silence_makes_up_for_nothing_that_was_lost_meanwhile()
    {
        // No timer has noticed the silence: the machine was asleep, and the beat is the first thing it hears.
        var node = await AddNodeAsync(timersCome: false);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await EndUntoldAsync(ann.Session.Id);
        Clock.Advance(SessionChangeHub.Silence + Millisecond);

        node.Feed.Beat();

        Assert.That(node.Manager.FeedStatus!.Value.IsConnected);
        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task A_beat_between_looking_and_trusting_makes_nothing_trusted_that_was_remembered_before()
    {
        var node = await AddNodeAsync(timersCome: false);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await EndUntoldAsync(ann.Session.Id);
        Clock.Advance(SessionChangeHub.Silence + Millisecond);

        node.Feed.AsStatusIsAsked = node.Feed.Beat;

        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task After_silence_and_a_new_connection_sessions_are_remembered_again()
    {
        var ann = await RememberedAsync();
        Clock.Advance(SessionChangeHub.Silence);
        await Node.Feed.ConnectAsync(Token);

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.EqualTo(1));
        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }
}
