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

        app.Fed.Hub.Tell(new SessionChange(session.Id, SessionChangeKind.Ended));
        app.Fed.Hub.Tell(new SessionChange(other.Id, SessionChangeKind.Changed));

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
                app.Fed.Hub.Beat();
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
    public async Task What_ended_while_the_feed_was_lost_is_known_when_it_is_back()
    {
        await using var app = await ConnectedAsync();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Watch(session);
        app.Clock.Advance(SessionChangeHub.Silence + TimeSpan.FromMilliseconds(1));
        await app.Elsewhere.DeleteAsync(session.Id, default);

        await app.Fed.ListeningAsync();
        app.Fed.Hub.Connected();

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task The_feed_is_listened_to_only_while_somebody_watches()
    {
        await using var app = new WatchedApp(fed: true);
        var session = await app.SignInAsync();
        Assert.That(app.Fed.Hub.HasListeners, Is.False);

        using (app.Manager.Watch(session))
        {
            Assert.That(app.Fed.Hub.HasListeners);
            await app.Manager.RevokeAsync(session.Id);
        }

        Assert.That(app.Fed.Hub.HasListeners, Is.False);
    }

    private static async Task<WatchedApp> ConnectedAsync()
    {
        var app = new WatchedApp(fed: true);

        // Somebody watches all the time, so that the connection stays.
        app.Manager.Watch(await app.SignInAsync("somebody"));
        await app.Fed.ListeningAsync();

        // Whoever is watched by then is looked at once.
        using var look = app.Store.Hold(StoreOperations.Fetch);
        app.Fed.Hub.Connected();
        await look.Arrived.WaitAsync(WatchedApp.Patience);
        return app;
    }
}
