using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>A connection that is open on one side only brings neither news nor errors.</summary>
public sealed class FeedSilenceTests : CacheTestBase
{
    [Test]
    public async Task With_heartbeats_sessions_stay_cached()
    {
        var ann = await SignInCachedAsync();

        Node.Advance(TimeSpan.FromSeconds(20));

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_feed_that_is_silent_too_long_is_not_trusted(bool timersCome)
    {
        var node = await AddNodeAsync(hasTimers: timersCome);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await DeleteUnpublishedAsync(ann.Session.Id);

        Clock.Advance(ChangeFeedBroker.HeartbeatTimeout - Millisecond);
        var before = await node.RejectionAsync(ann.Token, Token);
        Clock.Advance(Millisecond + Millisecond);

        Assert.That(before, Is.EqualTo(SessionRejection.None), "Nobody can know yet.");
        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
        Assert.That(node.Administration.FeedStatus!.Value.IsConnected, Is.False);
    }

    [Test]
    public async Task A_beat_after_silence_makes_up_for_nothing_that_was_lost_meanwhile()
    {
        // No timer has noticed the silence: the machine was asleep, and the beat is the first thing it hears.
        var node = await AddNodeAsync(hasTimers: false);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await DeleteUnpublishedAsync(ann.Session.Id);
        Clock.Advance(ChangeFeedBroker.HeartbeatTimeout + Millisecond);

        node.Feed.PublishHeartbeat();

        Assert.That(node.Administration.FeedStatus!.Value.IsConnected);
        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task A_heartbeat_between_check_and_use_revalidates_nothing_that_was_cached_before()
    {
        var node = await AddNodeAsync(hasTimers: false);
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        await DeleteUnpublishedAsync(ann.Session.Id);
        Clock.Advance(ChangeFeedBroker.HeartbeatTimeout + Millisecond);

        node.Feed.OnStatusReading = node.Feed.PublishHeartbeat;

        Assert.That(await node.RejectionAsync(ann.Token, Token), Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task After_silence_and_a_new_connection_sessions_are_cached_again()
    {
        var ann = await SignInCachedAsync();
        Clock.Advance(ChangeFeedBroker.HeartbeatTimeout);
        await Node.Feed.ConnectAsync(Token);

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.EqualTo(1));
        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }
}
