using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using SameSiteMode = Microsoft.AspNetCore.Http.SameSiteMode;

namespace Sessions.Tests.AspNetCore;

public sealed class CookieTests
{
    [Test]
    public async Task The_default_cookie_is_neutral_bound_to_the_host_and_hidden_from_scripts()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", "/login");

        var cookie = response.SetCookies().Single();
        Assert.That(cookie.Name.Value, Is.EqualTo("__Host-sid"));
        Assert.That(cookie.Path.Value, Is.EqualTo("/"));
        Assert.That(cookie.Secure, Is.True);
        Assert.That(cookie.HttpOnly, Is.True);
        Assert.That(cookie.SameSite, Is.EqualTo(Microsoft.Net.Http.Headers.SameSiteMode.Lax));
        Assert.That(cookie.Domain.HasValue, Is.False);
    }

    [Test]
    public async Task Without_a_lifetime_the_cookie_ends_with_the_browser()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", "/login");

        var cookie = response.SetCookies().Single();
        Assert.That(cookie.Expires, Is.Null);
        Assert.That(cookie.MaxAge, Is.Null);
    }

    [Test]
    public async Task A_persistent_session_has_a_cookie_that_lasts_as_long_as_it_can()
    {
        await using var app = await StartAsync(options: o => o.Lifetime = TimeSpan.FromDays(14));

        using var response = await app.SendAsync("POST", "/login");

        var cookie = response.SetCookies().Single();
        Assert.That(cookie.MaxAge, Is.EqualTo(TimeSpan.FromDays(14)));
        Assert.That(cookie.Expires, Is.EqualTo(app.Clock.UtcNow + TimeSpan.FromDays(14)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Taking_a_cookie_back_restates_all_its_attributes()
    {
        await using var app = await StartAsync(h =>
        {
            h.Cookie.Name = "sid";
            h.Cookie.Domain = "example.com";
            h.Cookie.Path = "/app";
            h.Cookie.SameSite = SameSiteMode.None;
            h.Cookie.Extensions.Add("Partitioned");
        });
        using var login = await app.SendAsync("POST", "/login");

        using var logout = await app.SendAsync("POST", "/logout", null, ("Cookie", $"sid={login.Token().Reveal()}"));

        Assert.That(logout.ClearsCookie("sid"), Is.True);
        Assert.That(Attributes(logout), Is.EqualTo(Attributes(login)));
        Assert.That(Attributes(logout), Does.Contain("domain=example.com").And.Contain("Partitioned").And.Contain("samesite=none"));
    }

    [Test]
    public async Task The_strict_preset_sets_SameSite_Strict()
    {
        await using var app = await StartAsync(h => h.UseStrictCookie());

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(response.SetCookies().Single().SameSite, Is.EqualTo(Microsoft.Net.Http.Headers.SameSiteMode.Strict));
    }

    [TestCase("a=b; __Host-sid=TOKEN; c=d", "ann")]
    [TestCase("__Host-sid=TOKEN", "ann")]
    [TestCase("  __Host-sid=TOKEN  ;", "ann")]
    [TestCase("__Host-sid=TOKEN; __Host-sid=TOKEN", "ann", Description = "twice the same is no question")]
    [TestCase("__host-sid=TOKEN", "NoToken", Description = "an old browser lets a neighbour plant it")]
    [TestCase("x__Host-sid=TOKEN", "NoToken")]
    [TestCase("__Host-sid2=TOKEN", "NoToken")]
    [TestCase("__Host-sid", "NoToken")]
    [TestCase("a=__Host-sid=TOKEN", "NoToken")]
    [TestCase("__Host-sid =TOKEN", "NoToken")]
    [TestCase("__Host-sid=\"TOKEN\"", "ann", Description = "some clients add quotes")]
    [TestCase("__Host-sid=\"TOKEN", "MalformedToken")]
    [TestCase("__Host-sid=TOKEN=", "MalformedToken")]
    [TestCase("__Host-sid= TOKEN", "MalformedToken")]
    [TestCase("__Host-sid=TOKEN; __Host-sid=other", "ann", Description = "another application's")]
    [TestCase("__Host-sid=other; __Host-sid=TOKEN", "ann")]
    [TestCase("__Host-sid=; __Host-sid=TOKEN", "ann")]
    public async Task The_cookie_is_read_strictly(string header, string expected)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "GET",
            "/",
            null,
            ("Cookie", header.Replace("TOKEN", ann.Token.Reveal(), StringComparison.Ordinal))
        );

        Assert.That(await response.TextAsync(), Is.EqualTo(expected));
    }

    [Test]
    public async Task The_token_in_the_cookie_opens_the_session_that_was_begun()
    {
        await using var app = await StartAsync();
        using var login = await app.SendAsync("POST", "/login");

        Assert.That(await app.GetAsync("/", login.Token()), Is.EqualTo("ann"));
    }

    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null, Action<SessionUpOptions>? options = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
                app.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync()).RequireSession();
                app.MapGet("/", (HttpContext http) => http.GetSession()?.UserKey ?? http.GetSessionRejection().ToString()).PublicSession();
            },
            http,
            options
        );

    private static IEnumerable<string> Attributes(HttpResponseMessage response) =>
        response
            .Headers.GetValues("Set-Cookie")
            .Single()
            .Split("; ")
            .Skip(1)
            .Where(part => !part.StartsWith("expires", StringComparison.Ordinal) && !part.StartsWith("max-age", StringComparison.Ordinal));
}
