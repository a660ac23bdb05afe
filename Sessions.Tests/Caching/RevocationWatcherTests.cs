using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Learning that a session has ended, without a feed: from this node at once, from others by asking.</summary>
public sealed class RevocationWatcherTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task A_session_that_is_ended_on_this_node_cancels_at_once()
    {
        await using var app = new RevocationWatcherFixture();
        var (session, other) = (await app.SignInAsync(), await app.SignInAsync());
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        using var bystander = app.Manager.Components.RevocationWatcher.Register(other);

        await app.Administration.RevokeAsync(session.Id);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
        Assert.That(bystander.Ended.IsCancellationRequested, Is.False);
    }

    [TestCase("others")]
    [TestCase("all")]
    [TestCase("limit")]
    [TestCase("sign-in")]
    public async Task Every_way_to_end_a_session_cancels_its_registration(string how)
    {
        await using var app = new RevocationWatcherFixture(options: new SessionUpOptions { MaxSessionsPerUser = 2 });
        var issued = await app.Manager.InitAsync("ann");
        app.Clock.Advance(s_tick);
        var current = await app.SignInAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(issued.Session);

        Task ended = how switch
        {
            "others" => app.Manager.RevokeOtherAsync(current).AsTask(),
            "all" => app.Administration.RevokeAllAsync("ann").AsTask(),
            "limit" => app.SignInAsync(),
            _ => app.Manager.InitAsync("bob", new SessionInit { ReplacedToken = issued.Token }).AsTask(),
        };
        await ended;

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task A_session_that_had_ended_before_the_registration_cancels_without_waiting()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        await app.SharedStore.DeleteAsync(session.Id, default);

        using var watch = app.Manager.Components.RevocationWatcher.Register(session);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task Without_a_feed_the_end_on_another_node_cancels_within_the_maximum_staleness()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.SharedStore.DeleteAsync(session.Id, default);

        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task A_session_that_expires_ends_at_that_instant_and_one_that_slid_elsewhere_at_its_new_one()
    {
        await using var app = new RevocationWatcherFixture(fed: true, new SessionUpOptions { IdleTimeout = TimeSpan.FromMinutes(10) });
        var (session, now) = (await app.SignInAsync(), app.Clock.UtcNow);
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        await app.Feed.ConnectAsync(default);
        await app.SharedStore.TouchAsync(
            [
                new SessionTouch
                {
                    Id = session.Id,
                    LastSeenAt = now,
                    ExpiresAt = now.AddMinutes(15),
                },
            ],
            default
        );

        app.Clock.Advance(TimeSpan.FromMinutes(15) - s_tick);
        Assert.That(watch.Ended.IsCancellationRequested, Is.False, "It slid.");
        app.Clock.Advance(s_tick);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task An_outage_of_the_store_cancels_nothing_and_what_ended_meanwhile_cancels_after_it()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        app.Store.Fail(StoreOperations.Fetch);
        await app.SharedStore.DeleteAsync(session.Id, default);

        var before = app.FetchCount;
        app.Clock.Advance(TimeSpan.FromHours(30));
        Assert.That(watch.Ended.IsCancellationRequested, Is.False, "Not even when it should have expired: nobody could say.");
        Assert.That(app.FetchCount - before, Is.EqualTo(30 * 60 * 4), "No oftener than before.");
        app.Store.ClearFailures();
        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);

        await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
    }

    [Test]
    public async Task Many_registrations_of_one_session_share_the_store_calls_and_all_are_cancelled()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        var watches = Enumerable.Range(0, 100).Select(_ => app.Manager.Components.RevocationWatcher.Register(session)).ToList();
        var before = app.FetchCount;
        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);

        Assert.That(app.FetchCount - before, Is.EqualTo(2), "Twice within the staleness that is promised.");
        await app.Administration.RevokeAsync(session.Id);
        foreach (var watch in watches)
        {
            await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
        }
    }

    [Test]
    public async Task Without_registrations_the_store_is_not_called()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        var (first, second) = (
            app.Manager.Components.RevocationWatcher.Register(session),
            app.Manager.Components.RevocationWatcher.Register(session)
        );

        first.Dispose();
        first.Dispose();
        var before = app.FetchCount;
        app.Clock.Advance(RevocationWatcherFixture.MaxStaleness);
        Assert.That(app.FetchCount, Is.GreaterThan(before), "One is left.");
        second.Dispose();
        before = app.FetchCount;
        app.Clock.Advance(TimeSpan.FromDays(2));

        Assert.That(app.FetchCount, Is.EqualTo(before));
        Assert.That(second.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task A_disposed_registration_is_not_cancelled_though_others_are()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        using var stays = app.Manager.Components.RevocationWatcher.Register(session);
        var leaves = app.Manager.Components.RevocationWatcher.Register(session);
        var told = false;
        leaves.Ended.UnsafeRegister(_ => told = true, null);

        leaves.Dispose();
        await app.Administration.RevokeAsync(session.Id);

        await RevocationWatcherFixture.WaitForCancellationAsync(stays.Ended);
        Assert.That((told, leaves.Ended.IsCancellationRequested), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task A_slow_callback_of_the_application_delays_no_other_registration()
    {
        await using var app = new RevocationWatcherFixture();
        var session = await app.SignInAsync();
        using var other = app.Manager.Components.RevocationWatcher.Register(session);
        using var watch = app.Manager.Components.RevocationWatcher.Register(session);
        var (entered, release) = (new TaskCompletionSource(), new ManualResetEventSlim());
        using var blocking = watch.Ended.Register(() =>
        {
            entered.SetResult();
            release.Wait();
        });

        await app.Administration.RevokeAsync(session.Id).AsTask().WaitAsync(RevocationWatcherFixture.Timeout);
        await entered.Task.WaitAsync(RevocationWatcherFixture.Timeout);
        await RevocationWatcherFixture.WaitForCancellationAsync(other.Ended);
        var another = app.Manager.Components.RevocationWatcher.Register(await app.SignInAsync());
        another.Dispose();

        release.Set();
    }

    [Test]
    public async Task Of_sessions_that_end_while_others_begin_to_watch_them_none_is_missed()
    {
        var random = SeededRandom.Create();
        for (var round = 0; round < 300; round++)
        {
            await using var app = new RevocationWatcherFixture();
            var session = await app.SignInAsync();
            var watching = Task.Run(() =>
                Enumerable.Range(0, 1 + random.Next(3)).Select(_ => app.Manager.Components.RevocationWatcher.Register(session)).ToList()
            );
            var ending = Task.Run(() => app.Administration.RevokeAsync(session.Id).AsTask());
            await ending;
            foreach (var watch in await watching)
            {
                await RevocationWatcherFixture.WaitForCancellationAsync(watch.Ended);
                watch.Dispose();
            }
        }
    }
}
