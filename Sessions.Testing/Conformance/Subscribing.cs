using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformance<TStore>
{
    [Test]
    public async Task The_status_says_whether_changes_are_delivered_and_a_later_listener_learns_it_at_once()
    {
        var feed = Feed();
        var (first, second) = (new RecordingChangeListener(), new RecordingChangeListener());
        using var subscription = feed.Subscribe(first);
        await first.UntilConnectedAsync(1, Token);
        // He is told before the status says so, by somebody who holds the lock that this marker's news has to pass.
        await MarkAsync(first);

        Assert.That(feed.FeedStatus.IsConnected);
        using var other = feed.Subscribe(second);
        Assert.That((first.Connections, second.Connections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Whoever_has_left_is_told_no_more()
    {
        var feed = Feed();
        var (stays, leaves) = (new RecordingChangeListener(), new RecordingChangeListener());
        using var subscription = feed.Subscribe(stays);
        var leaving = feed.Subscribe(leaves);
        await stays.UntilConnectedAsync(1, Token);

        leaving.Dispose();
        await MarkAsync(stays);

        Assert.That(leaves.Changes, Is.Empty);
    }

    [Test]
    public async Task Whoever_comes_back_is_told_again()
    {
        var feed = Feed();
        for (var i = 0; i < 3; i++)
        {
            var listener = new RecordingChangeListener();
            using var subscription = feed.Subscribe(listener);
            await listener.UntilConnectedAsync(1, Token);
            await MarkAsync(listener);
        }
    }
}
