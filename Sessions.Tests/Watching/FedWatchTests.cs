using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Watching;

/// <summary>Learning that a session has ended from the feed of its store.</summary>
public sealed class FedWatchTests
{
    [Test]
    public async Task The_end_on_another_node_is_known_as_soon_as_it_is_told()
    {
        await using var app = await ConnectedAsync();
        var (session, other) = (await app.SignInAsync(), await app.SignInAsync());
        using var watch = app.Manager.Watch(session);
        using var bystander = app.Manager.Watch(other);

        app.Feed.Tell(session.Id, SessionChangeKind.Ended);
        app.Feed.Tell(other.Id, SessionChangeKind.Changed);

        await WatchedApp.FiresAsync(watch.Ended);
        Assert.That(bystander.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task While_the_feed_is_connected_the_store_is_not_asked()
    {
        await using var app = await ConnectedAsync();
        using var watch = app.Manager.Watch(await app.SignInAsync());

        // What was planned before the connection was made comes to pass.
        Pass(TimeSpan.FromMinutes(1));
        var before = app.Looks;

        Pass(TimeSpan.FromHours(1));

        Assert.That(app.Looks, Is.EqualTo(before));

        void Pass(TimeSpan time)
        {
            for (var end = app.Clock.UtcNow + time; app.Clock.UtcNow < end; )
            {
                app.Clock.Advance(SessionChangeHub.Heartbeat);
                app.Feed.Beat();
            }
        }
    }

    [Test]
    public async Task Once_the_feed_is_silent_the_store_is_asked_within_the_staleness_that_is_promised()
    {
        await using var app = await ConnectedAsync();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Watch(session);
        await app.Elsewhere.DeleteAsync(session.Id, default);

        app.Clock.Advance(SessionChangeHub.Silence);
        Assert.That(watch.Ended.IsCancellationRequested, Is.False);
        app.Clock.Advance(WatchedApp.MaxStaleness);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task A_feed_that_is_lost_as_a_look_at_a_session_ends_is_made_up_for_by_asking()
    {
        await using var app = await ConnectedAsync();
        var session = await app.SignInAsync();
        var looking = Environment.CurrentManagedThreadId;
        app.Feed.OnceStatusIsAsked = () =>
        {
            if (looking == Environment.CurrentManagedThreadId)
            {
                looking = -1;
                app.Clock.Advance(SessionChangeHub.Silence);
            }
        };

        using var watch = app.Manager.Watch(session);
        Assert.That(looking, Is.EqualTo(-1));
        await app.Elsewhere.DeleteAsync(session.Id, default);
        app.Clock.Advance(WatchedApp.MaxStaleness);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task What_ended_while_the_feed_was_lost_is_known_when_it_is_back()
    {
        await using var app = await ConnectedAsync();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Watch(session);
        app.Clock.Advance(SessionChangeHub.Silence + TimeSpan.FromMilliseconds(1));
        await app.Elsewhere.DeleteAsync(session.Id, default);

        await app.Feed.ConnectAsync(default);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task The_feed_is_listened_to_only_while_somebody_watches()
    {
        await using var app = new WatchedApp(fed: true);
        var session = await app.SignInAsync();
        Assert.That(app.Feed.IsListenedTo, Is.False);

        using (app.Manager.Watch(session))
        {
            Assert.That(app.Feed.IsListenedTo);
            await app.Manager.RevokeAsync(session.Id);
        }

        Assert.That(app.Feed.IsListenedTo, Is.False);
    }

    private static async Task<WatchedApp> ConnectedAsync()
    {
        var app = new WatchedApp(fed: true);

        // Somebody watches all the time, so that the connection stays.
        app.Manager.Watch(await app.SignInAsync("somebody"));

        // Whoever is watched by then is looked at once, which ends with a second look at the status: the clock may not run on before that.
        var (asked, times) = (new TaskCompletionSource(), 0);
        using (var look = app.Store.Hold(StoreOperations.Fetch))
        {
            await app.Feed.ConnectAsync(default);
            await look.Arrived.WaitAsync(WatchedApp.Patience);
            app.Feed.OnceStatusIsAsked = () => _ = Interlocked.Increment(ref times) != 2 || asked.TrySetResult();
        }

        await asked.Task.WaitAsync(WatchedApp.Patience);
        app.Feed.OnceStatusIsAsked = static () => { };
        return app;
    }
}
