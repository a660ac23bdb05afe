using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>A browser that holds several cookies of our name.</summary>
public sealed class SeveralCookiesTests
{
    [Test]
    public async Task A_dead_cookie_beside_a_living_one_keeps_no_user_out()
    {
        await using var app = await StartAsync();
        var (dead, living) = (await app.SignInAsync(), await app.SignInAsync());
        await app.Administration.RevokeAsync(dead.Session.Id);

        Assert.That(await GetAsync(app, dead.Token, living.Token), Is.EqualTo($"ann {living.Session.Id}"));
        Assert.That(await GetAsync(app, living.Token, dead.Token), Is.EqualTo($"ann {living.Session.Id}"));
    }

    [Test]
    public async Task Of_two_sessions_of_one_user_the_newer_counts()
    {
        await using var app = await StartAsync();
        var older = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var newer = await app.SignInAsync();

        Assert.That(await GetAsync(app, older.Token, newer.Token), Is.EqualTo($"ann {newer.Session.Id}"));
        Assert.That(await GetAsync(app, newer.Token, older.Token), Is.EqualTo($"ann {newer.Session.Id}"));
    }

    [Test]
    public async Task Of_two_sessions_of_different_users_none_counts_and_none_is_harmed()
    {
        await using var app = await StartAsync();
        var (ann, eve) = (await app.SignInAsync(), await app.SignInAsync("eve"));

        Assert.That(await GetAsync(app, ann.Token, eve.Token), Is.EqualTo("Ambiguous"));
        Assert.That(await app.GetAsync("/", ann.Token), Does.StartWith("ann"));
        Assert.That(await app.GetAsync("/", eve.Token), Does.StartWith("eve"));
    }

    [Test]
    public async Task A_users_session_counts_before_a_visitors()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var visitor = await app.Manager.StartVisitorAsync();

        Assert.That(await GetAsync(app, visitor.Token, ann.Token), Is.EqualTo($"ann {ann.Session.Id}"));
    }

    [Test]
    public async Task No_more_than_three_cookies_are_tried()
    {
        await using var app = await StartAsync();
        var tokens = new List<SessionToken>();
        for (var i = 0; i < 5; i++)
        {
            tokens.Add((await app.SignInAsync()).Token);
        }

        await app.Administration.RevokeAllAsync("ann");
        app.ResetStoreCalls();

        Assert.That(await GetAsync(app, [.. tokens]), Is.EqualTo("Unknown"));
        Assert.That(app.StoreCalls, Is.EqualTo(3));
    }

    [Test]
    public async Task An_older_token_of_the_same_session_beside_the_current_one_is_no_copy()
    {
        await using var app = await StartAsync();
        var old = (await app.SignInAsync()).Token;
        var current = old;
        for (var hour = 0; hour < 6; hour++)
        {
            app.Clock.Advance(TimeSpan.FromHours(1));
            using var response = await SendAsync(app, "GET", "/", old, current);
            current = response.SetCookies().Count > 0 ? response.Token() : current;
            Assert.That(await response.TextAsync(), Does.StartWith("ann"));
            app.Clock.Advance(TimeSpan.FromMinutes(2));
            await GetAsync(app, old, current);
        }

        Assert.That(current, Is.Not.EqualTo(old));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_sign_in_ends_every_session_that_the_browser_held()
    {
        await using var app = await StartAsync();
        var (first, second) = (await app.SignInAsync(), await app.SignInAsync());
        var visitor = await app.Manager.StartVisitorAsync(new SessionInit { Values = SessionValues.Empty.Set("cart", "tea") });

        using var login = await SendAsync(app, "POST", "/login", visitor.Token, first.Token, second.Token);

        var left = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(left.Values["cart"], Is.EqualTo("tea"));
        Assert.That(await app.GetAsync("/", visitor.Token), Is.EqualTo("Replaced"));
    }

    [TestCase("/logout")]
    [TestCase("/logout-all")]
    public async Task A_sign_out_leaves_no_session_that_the_next_request_would_open(string path)
    {
        await using var app = await StartAsync();
        var (first, second) = (await app.SignInAsync(), await app.SignInAsync());
        var visitor = await app.Manager.StartVisitorAsync();

        using var logout = await SendAsync(app, "POST", path, visitor.Token, first.Token, second.Token);

        Assert.That(logout.ClearsCookie(), Is.True);
        Assert.That(await GetAsync(app, visitor.Token, first.Token, second.Token), Is.EqualTo("Unknown"));
    }

    [Test]
    public async Task Beside_a_cookie_that_holds_no_token_no_visitors_session_begins()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", "/cart", null, ("Cookie", "__Host-sid=damaged"));

        Assert.That(await response.TextAsync(), Is.EqualTo("false"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    private static async Task<string> GetAsync(SessionApp app, params SessionToken[] tokens)
    {
        using var response = await SendAsync(app, "GET", "/", tokens);
        return await response.TextAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(SessionApp app, string method, string path, params SessionToken[] tokens) =>
        app.SendAsync(
            method,
            path,
            null,
            ("Cookie", string.Join("; ", tokens.Select(static token => $"{SessionHttpOptions.DefaultCookieName}={token.Reveal()}")))
        );

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(app =>
        {
            var open = app.MapGroup("").PublicSession();
            open.MapGet(
                "/",
                (HttpContext http) =>
                    http.GetSession() is { } session ? $"{session.UserKey} {session.Id}" : http.GetSessionRejection().ToString()
            );
            open.MapPost("/cart", (HttpContext http) => http.SetSessionValueAsync("cart", "tea"));
            open.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync());
            open.MapPost("/logout-all", (HttpContext http) => http.RevokeAllSessionsAsync());
            app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
        });
}
