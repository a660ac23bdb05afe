using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Cookies;

/// <summary>Time is kept in the cookie and read by the server: these browsers never forget a cookie by themselves.</summary>
public sealed class CookieTimeTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [TestCase("data protection")]
    [TestCase("encrypted")]
    [TestCase("signed")]
    public async Task A_session_ends_at_the_exact_instant_whatever_the_browser_keeps(string protection)
    {
        await using var app = await CookieApp.StartAsync(CookieApp.Protection(protection) + (o => o.Lifetime = TimeSpan.FromMinutes(10)));
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromMinutes(10) - Tick);
        var before = await app.Browser.GetAsync();

        app.Clock.Advance(Tick);

        Assert.That(before, Is.EqualTo("visit 1"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
        Assert.That(
            app.Rejected,
            Is.EqualTo([new CookieSessionRejectedContext { Name = "visit", Reason = CookieSessionRejection.Expired }])
        );
    }

    [Test]
    public async Task A_shorter_lifetime_holds_for_cookies_that_are_out_already()
    {
        var clock = new ManualTimeProvider();
        await using var before = await CookieApp.StartAsync(clock: clock);
        await using var after = await CookieApp.StartAsync(
            CookieApp.Protection("encrypted") + (o => o.Lifetime = TimeSpan.FromHours(1)),
            clock: clock
        );
        await before.Browser.SendAsync("POST", "/set/1");
        after.Browser.Cookies["__Host-visit"] = before.Browser.Cookies["__Host-visit"];
        clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await before.Browser.GetAsync(), Is.EqualTo("visit 1"));
        Assert.That(await after.Browser.GetAsync(), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task An_idle_session_ends_early_and_a_used_one_does_not()
    {
        await using var app = await StartSlidingAsync();
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        var used = await app.Browser.GetAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        var usedAgain = await app.Browser.GetAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.That((used, usedAgain), Is.EqualTo(("visit 1", "visit 1")));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task Use_writes_the_cookie_anew_only_when_a_tenth_of_the_idle_time_has_passed()
    {
        await using var app = await StartSlidingAsync();
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromMinutes(2) - Tick);
        var early = await app.Browser.CountSetCookiesAsync("GET", "/");
        app.Clock.Advance(Tick);
        var untouched = await app.Browser.CountSetCookiesAsync("GET", "/untouched");
        var due = await app.Browser.CountSetCookiesAsync("GET", "/");

        Assert.That((early, untouched, due), Is.EqualTo((0, 0, 1)));
        Assert.That(await app.Browser.CountSetCookiesAsync("GET", "/"), Is.Zero);
    }

    [Test]
    public async Task Use_keeps_no_session_alive_beyond_its_lifetime()
    {
        await using var app = await StartSlidingAsync();
        await app.Browser.SendAsync("POST", "/set/1");
        for (var i = 0; i < 5; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 1"));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"), "an hour is over");
    }

    [Test]
    public async Task A_session_that_was_cleared_and_set_begins_anew()
    {
        await using var app = await CookieApp.StartAsync(CookieApp.Protection("encrypted") + (o => o.Lifetime = TimeSpan.FromHours(1)));
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromMinutes(50));
        await app.Browser.SendAsync("POST", "/clear");
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromMinutes(50));

        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 1"));
    }

    [TestCase("data protection")]
    [TestCase("encrypted")]
    [TestCase("signed")]
    public async Task A_cookie_from_a_future_beyond_the_tolerance_is_not_accepted(string protection)
    {
        await using var app = await CookieApp.StartAsync(
            CookieApp.Protection(protection) + (o => o.ClockTolerance = TimeSpan.FromMinutes(1))
        );
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.UtcNow -= TimeSpan.FromMinutes(1);
        var within = await app.Browser.GetAsync();

        app.Clock.UtcNow -= Tick;

        Assert.That(within, Is.EqualTo("visit 1"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
        Assert.That(
            app.Rejected,
            Is.EqualTo([new CookieSessionRejectedContext { Name = "visit", Reason = CookieSessionRejection.IssuedInFuture }])
        );
    }

    private static Task<CookieApp> StartSlidingAsync() =>
        CookieApp.StartAsync(o =>
        {
            o.Encrypt(CookieApp.Key());
            o.Lifetime = TimeSpan.FromHours(1);
            o.IdleTimeout = TimeSpan.FromMinutes(20);
        });
}
