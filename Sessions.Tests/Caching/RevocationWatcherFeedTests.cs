using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Learning that a session has ended from the feed of its store.</summary>
public sealed class RevocationWatcherFeedTests
{
    [Test]
    public async Task The_end_on_another_node_cancels_as_soon_as_it_is_published()
    {
        await using var app = await StartConnectedAsync();
        var (session, other) = (await app.SignInAsync(), await app.SignInAsync());
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        using var bystander = app.Manager.Components.RevocationWatcher.Register(other);

        app.Feed.Publish(session.Id, SessionChangeKind.Ended);
        app.Feed.Publish(other.Id, SessionChangeKind.Changed);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
        Assert.That(bystander.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task While_the_feed_is_connected_the_store_is_not_called()
    {
        await using var app = await StartConnectedAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(await app.SignInAsync());

        // What was planned before the connection was made comes to pass.
        Pass(TimeSpan.FromMinutes(1));
        var before = app.FetchCount;

        Pass(TimeSpan.FromHours(1));

        Assert.That(app.FetchCount, Is.EqualTo(before));

        void Pass(TimeSpan time)
        {
            for (var end = app.Clock.UtcNow + time; app.Clock.UtcNow < end; )
            {
                app.Clock.Advance(ChangeFeedBroker.HeartbeatInterval);
                app.Feed.PublishHeartbeat();
            }
        }
    }

    [Test]
    public async Task Once_the_feed_is_silent_the_store_is_called_within_the_maximum_staleness()
    {
        await using var app = await StartConnectedAsync();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        await app.SharedStore.DeleteAsync(session.Id, default);

        app.Clock.Advance(ChangeFeedBroker.HeartbeatTimeout);
        Assert.That(watch.Ended.IsCancellationRequested, Is.False);
        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task A_feed_that_is_lost_as_a_fetch_ends_is_replaced_by_store_calls()
    {
        await using var app = await StartConnectedAsync();
        var session = await app.SignInAsync();
        var looking = Environment.CurrentManagedThreadId;
        app.Feed.OnStatusRead = () =>
        {
            if (looking == Environment.CurrentManagedThreadId)
            {
                looking = -1;
                app.Clock.Advance(ChangeFeedBroker.HeartbeatTimeout);
            }
        };

        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        Assert.That(looking, Is.EqualTo(-1));
        await app.SharedStore.DeleteAsync(session.Id, default);
        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task What_ended_while_the_feed_was_lost_cancels_when_it_is_back()
    {
        await using var app = await StartConnectedAsync();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        app.Clock.Advance(ChangeFeedBroker.HeartbeatTimeout + TimeSpan.FromMilliseconds(1));
        await app.SharedStore.DeleteAsync(session.Id, default);

        await app.Feed.ConnectAsync(default);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task The_feed_has_a_listener_only_while_a_session_is_registered()
    {
        await using var app = new RevocationWatcherFixture(fed: true);
        var session = await app.SignInAsync();
        Assert.That(app.Feed.HasListeners, Is.False);

        using (app.Manager.Components.RevocationWatcher.Register(session))
        {
            Assert.That(app.Feed.HasListeners);
            await app.Administration.RevokeAsync(session.Id);
        }

        Assert.That(app.Feed.HasListeners, Is.False);
    }

    private static async Task<RevocationWatcherFixture> StartConnectedAsync()
    {
        var app = new RevocationWatcherFixture(fed: true);

        // Somebody watches all the time, so that the connection stays.
        app.Manager.Components.RevocationWatcher.Register(await app.SignInAsync("somebody"));

        // Whoever is watched by then is looked at once, which ends with a second look at the status: the clock may not run on before that.
        var (asked, times) = (new TaskCompletionSource(), 0);
        using (var look = app.Store.Hold(StoreOperations.Fetch))
        {
            await app.Feed.ConnectAsync(default);
            await look.Arrived.WaitAsync(RevocationWatcherFixture.Timeout);
            app.Feed.OnStatusRead = () => _ = Interlocked.Increment(ref times) != 2 || asked.TrySetResult();
        }

        await asked.Task.WaitAsync(RevocationWatcherFixture.Timeout);
        app.Feed.OnStatusRead = static () => { };
        return app;
    }
}
