using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Watching;

/// <summary>Learning that a session has ended, without a feed: from this node at once, from others by asking.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task A_session_that_is_ended_on_this_node_is_known_to_have_ended_at_once()
    {
        await using var app = new WatchedApp();
        var (session, other) = (await app.SignInAsync(), await app.SignInAsync());
        using var watch = app.Manager.Watch(session);
        using var bystander = app.Manager.Watch(other);

        await app.Manager.RevokeAsync(session.Id);

        await WatchedApp.FiresAsync(watch.Ended);
        Assert.That(bystander.Ended.IsCancellationRequested, Is.False);
    }

    [TestCase("others")]
    [TestCase("all")]
    [TestCase("limit")]
    [TestCase("sign-in")]
    public async Task However_a_session_ends_who_watches_learns_of_it(string how)
    {
        await using var app = new WatchedApp(options: new SessionUpOptions { MaxSessionsPerUser = 2 });
        var issued = await app.Manager.InitAsync("ann");
        app.Clock.Advance(s_tick);
        var current = await app.SignInAsync();
        using var watch = app.Manager.Watch(issued.Session);

        Task ended = how switch
        {
            "others" => app.Manager.RevokeOtherAsync(current).AsTask(),
            "all" => app.Manager.RevokeAllAsync("ann").AsTask(),
            "limit" => app.SignInAsync(),
            _ => app.Manager.InitAsync("bob", new SessionInit { Held = issued.Token }).AsTask(),
        };
        await ended;

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task A_session_that_had_ended_before_somebody_watched_is_found_out_without_waiting()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        await app.Elsewhere.DeleteAsync(session.Id, default);

        using var watch = app.Manager.Watch(session);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task Without_a_feed_the_end_on_another_node_is_known_within_the_staleness_that_is_promised()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Watch(session);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.Elsewhere.DeleteAsync(session.Id, default);

        app.Clock.Advance(WatchedApp.MaxStaleness);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task A_session_that_expires_ends_at_that_instant_and_one_that_slid_elsewhere_at_its_new_one()
    {
        await using var app = new WatchedApp(fed: true, new SessionUpOptions { IdleTimeout = TimeSpan.FromMinutes(10) });
        var (session, now) = (await app.SignInAsync(), app.Clock.UtcNow);
        using var watch = app.Manager.Watch(session);
        await app.Feed.ConnectAsync(default);
        await app.Elsewhere.TouchAsync([new SessionTouch(session.Id, now, now.AddMinutes(15))], default);

        app.Clock.Advance(TimeSpan.FromMinutes(15) - s_tick);
        Assert.That(watch.Ended.IsCancellationRequested, Is.False, "It slid.");
        app.Clock.Advance(s_tick);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task An_outage_of_the_store_ends_nothing_and_what_ended_meanwhile_is_known_after_it()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Watch(session);
        app.Store.Fail(StoreOperations.Fetch);
        await app.Elsewhere.DeleteAsync(session.Id, default);

        var before = app.Looks;
        app.Clock.Advance(TimeSpan.FromHours(30));
        Assert.That(watch.Ended.IsCancellationRequested, Is.False, "Not even when it should have expired: nobody could say.");
        Assert.That(app.Looks - before, Is.EqualTo(30 * 60 * 4), "No oftener than before.");
        app.Store.Heal();
        app.Clock.Advance(WatchedApp.MaxStaleness);

        await WatchedApp.FiresAsync(watch.Ended);
    }

    [Test]
    public async Task Many_who_watch_one_session_ask_the_store_as_often_as_one_and_all_learn_of_its_end()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        var watches = Enumerable.Range(0, 100).Select(_ => app.Manager.Watch(session)).ToList();
        var before = app.Looks;
        app.Clock.Advance(WatchedApp.MaxStaleness);

        Assert.That(app.Looks - before, Is.EqualTo(2), "Twice within the staleness that is promised.");
        await app.Manager.RevokeAsync(session.Id);
        foreach (var watch in watches)
        {
            await WatchedApp.FiresAsync(watch.Ended);
        }
    }

    [Test]
    public async Task Once_nobody_watches_any_more_nobody_asks_the_store()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        var (first, second) = (app.Manager.Watch(session), app.Manager.Watch(session));

        first.Dispose();
        first.Dispose();
        var before = app.Looks;
        app.Clock.Advance(WatchedApp.MaxStaleness);
        Assert.That(app.Looks, Is.GreaterThan(before), "One is left.");
        second.Dispose();
        before = app.Looks;
        app.Clock.Advance(TimeSpan.FromDays(2));

        Assert.That(app.Looks, Is.EqualTo(before));
        Assert.That(second.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Who_no_longer_watches_learns_nothing_though_others_still_do()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        using var stays = app.Manager.Watch(session);
        var leaves = app.Manager.Watch(session);
        var told = false;
        leaves.Ended.UnsafeRegister(_ => told = true, null);

        leaves.Dispose();
        await app.Manager.RevokeAsync(session.Id);

        await WatchedApp.FiresAsync(stays.Ended);
        Assert.That((told, leaves.Ended.IsCancellationRequested), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task What_an_application_does_when_a_session_ends_holds_up_nobody()
    {
        await using var app = new WatchedApp();
        var session = await app.SignInAsync();
        using var other = app.Manager.Watch(session);
        using var watch = app.Manager.Watch(session);
        var (entered, release) = (new TaskCompletionSource(), new ManualResetEventSlim());
        using var blocking = watch.Ended.Register(() =>
        {
            entered.SetResult();
            release.Wait();
        });

        await app.Manager.RevokeAsync(session.Id).AsTask().WaitAsync(WatchedApp.Patience);
        await entered.Task.WaitAsync(WatchedApp.Patience);
        await WatchedApp.FiresAsync(other.Ended);
        var another = app.Manager.Watch(await app.SignInAsync());
        another.Dispose();

        release.Set();
    }

    [Test]
    public async Task Of_sessions_that_end_while_others_begin_to_watch_them_none_is_missed()
    {
        var random = SeededRandom.Create();
        for (var round = 0; round < 300; round++)
        {
            await using var app = new WatchedApp();
            var session = await app.SignInAsync();
            var watching = Task.Run(() => Enumerable.Range(0, 1 + random.Next(3)).Select(_ => app.Manager.Watch(session)).ToList());
            var ending = Task.Run(() => app.Manager.RevokeAsync(session.Id).AsTask());
            await ending;
            foreach (var watch in await watching)
            {
                await WatchedApp.FiresAsync(watch.Ended);
                watch.Dispose();
            }
        }
    }
}
