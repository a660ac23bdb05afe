using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Caching;

/// <summary>What whoever runs the application learns of the cache.</summary>
[CancelAfter(60_000)]
public sealed class CacheDiagnosticsTests
{
    private const string Hits = "sessions.cache.lookups admin hit";
    private const string Misses = "sessions.cache.lookups admin miss";
    private const string EntriesInstrument = "sessions.cache.sessions admin";
    private const string Connected = "sessions.feed.connected admin";

    [Test]
    public async Task The_start_up_log_says_so_when_only_the_age_protects()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: false);

        await app.StartAsync(Token);

        Assert.That(
            app.GetMessages("SessionCacheWithoutFeed"),
            Is.EqualTo([
                "The store of the sessions \"admin\" has no change feed: this process may accept a session that another process has ended for up to 00:00:30.",
            ])
        );
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, false)]
    public async Task With_a_feed_or_without_a_cache_the_start_up_log_says_nothing(bool hasFeed, bool hasCache)
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed, hasCache);

        await app.StartAsync(Token);

        Assert.That(app.GetMessages("SessionCacheWithoutFeed"), Is.Empty);
    }

    [Test]
    public async Task The_feed_is_connected_when_the_host_starts_and_not_with_the_first_request()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: true);

        await app.StartAsync(Token);

        await app.Feed.ConnectAsync(Token);
        Assert.That(app.GetMeasurement(Connected), Is.EqualTo(1));
    }

    [Test]
    public async Task Health_is_degraded_while_the_feed_is_lost_and_says_since_when()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: true);
        await app.StartAsync(Token);
        await app.Feed.ConnectAsync(Token);
        var before = await app.CheckHealthAsync(Token);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Feed.DisconnectAsync(Token);
        var lostAt = app.Clock.UtcNow;
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var during = await app.CheckHealthAsync(Token);
        await app.Feed.ConnectAsync(Token);
        var after = await app.CheckHealthAsync(Token);

        Assert.That((before.Status, after.Status), Is.EqualTo((HealthStatus.Healthy, HealthStatus.Healthy)));
        Assert.That(during.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(
            during.Description,
            Is.EqualTo($"The change feed is not connected since {lostAt:u}; sessions are read from the store with every request.")
        );
    }

    [Test]
    public async Task A_store_that_is_down_is_worse_than_a_feed_that_is_lost()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: true);
        await app.StartAsync(Token);
        app.Store.Fail();

        Assert.That((await app.CheckHealthAsync(Token)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task Without_a_cache_an_unused_feed_has_no_health_or_metrics()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: true, hasCache: false);
        await app.StartAsync(Token);
        await app.Manager.AuthAsync((await app.Manager.InitAsync("ann", null, Token)).Token, null, Token);

        Assert.That((await app.CheckHealthAsync(Token)).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(
            (app.GetMeasurement(Connected), app.GetMeasurement(Hits), app.GetMeasurement(Misses)),
            Is.EqualTo(((long?)null, (long?)null, (long?)null))
        );
    }

    [Test]
    public async Task Lookups_are_counted_as_hits_and_misses()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: false);
        var ann = await app.Manager.InitAsync("ann", null, Token);

        await app.Manager.AuthAsync(ann.Token, null, Token);
        await app.Manager.AuthAsync(ann.Token, null, Token);
        await app.Manager.AuthAsync(ann.Token, null, Token);
        await app.Manager.AuthAsync(ForgedToken.Create(ann.Session.Id), null, Token);
        await app.Manager.Authenticator.AuthAsync(ann.Token, null, bypassCache: true, Token);

        Assert.That(
            (app.GetMeasurement(Hits), app.GetMeasurement(Misses)),
            Is.EqualTo((2, 2)),
            "What must not be looked up is not counted."
        );
    }

    [Test]
    public async Task Cached_sessions_are_counted()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: true);
        await app.StartAsync(Token);
        await app.Feed.ConnectAsync(Token);
        foreach (var user in (string[])["ann", "bob", "cid"])
        {
            await app.Manager.AuthAsync((await app.Manager.InitAsync(user, null, Token)).Token, null, Token);
        }

        var remembered = app.GetMeasurement(EntriesInstrument);
        await app.Administration.RevokeAllAsync("ann", Token);
        var one = app.GetMeasurement(EntriesInstrument);
        await app.Feed.DisconnectAsync(Token);

        Assert.That((remembered, one, app.GetMeasurement(EntriesInstrument), app.GetMeasurement(Connected)), Is.EqualTo((3, 2, 0, 0)));
    }

    [Test]
    public async Task A_failure_that_many_waited_for_fails_each_of_their_checks()
    {
        await using var app = new CacheDiagnosticsFixture(hasFeed: false);
        var ann = await app.Manager.InitAsync("ann", null, Token);
        using var held = app.Store.Hold(StoreOperations.Fetch);
        var checks = Enumerable.Range(0, 3).Select(_ => app.Manager.AuthAsync(ann.Token, null, Token).AsTask()).ToList();
        app.Store.Fail();
        held.Release();

        foreach (var check in checks)
        {
            Assert.That(async () => await check, Throws.InstanceOf<SessionStoreException>());
        }

        Assert.That(
            (app.GetMeasurement(Hits), app.GetMeasurement(Misses)),
            Is.EqualTo(((long?)null, (long?)null)),
            "Neither one nor the other."
        );
    }
}
