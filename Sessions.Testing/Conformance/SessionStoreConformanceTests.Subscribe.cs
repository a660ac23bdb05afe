using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task The_status_shows_whether_changes_are_delivered_and_a_later_listener_receives_it_at_once()
    {
        var feed = RequireFeed();
        var (first, second) = (new RecordingChangeListener(), new RecordingChangeListener());
        using var subscription = feed.Subscribe(first);
        await first.WaitForConnectionsAsync(1, Token);
        // The listener is called before the status says so, under the lock that this marker's message has to pass.
        await PublishMarkerAsync(first);

        Assert.That(feed.Status.IsConnected);
        using var other = feed.Subscribe(second);
        Assert.That((first.Connections, second.Connections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_listener_that_has_unsubscribed_receives_nothing_more()
    {
        var feed = RequireFeed();
        var (stays, leaves) = (new RecordingChangeListener(), new RecordingChangeListener());
        using var subscription = feed.Subscribe(stays);
        var leaving = feed.Subscribe(leaves);
        await stays.WaitForConnectionsAsync(1, Token);

        leaving.Dispose();
        await PublishMarkerAsync(stays);

        Assert.That(leaves.Changes, Is.Empty);
    }

    [Test]
    public async Task A_listener_that_subscribes_again_receives_changes_again()
    {
        var feed = RequireFeed();
        for (var i = 0; i < 3; i++)
        {
            var listener = new RecordingChangeListener();
            using var subscription = feed.Subscribe(listener);
            await listener.WaitForConnectionsAsync(1, Token);
            await PublishMarkerAsync(listener);
        }
    }

    private ISessionChangeFeed RequireFeed()
    {
        if (Store.ChangeFeed is null)
        {
            Assert.Ignore("This store has no change feed.");
        }

        return Store.ChangeFeed;
    }
}
