using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class BearerTests
{
    [TestCase("Bearer TOKEN")]
    [TestCase("bearer TOKEN")]
    [TestCase("BEARER   TOKEN")]
    public async Task A_bearer_token_opens_its_session(string header)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "GET",
            "/",
            null,
            ("Authorization", header.Replace("TOKEN", ann.Token.Reveal(), StringComparison.Ordinal))
        );

        Assert.That(await response.TextAsync(), Is.EqualTo("ann"));
    }

    [TestCase("Bearer", "Bearer error=\"invalid_token\"")]
    [TestCase("Bearer x", "Bearer error=\"invalid_token\"")]
    [TestCase("BearerTOKEN", "Bearer")]
    [TestCase("Basic TOKEN", "Bearer")]
    [TestCase(null, "Bearer")]
    public async Task A_refusal_challenges_as_RFC_6750_says(string? header, string challenge)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/", null, header is null ? ("X-None", "") : ("Authorization", header));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Header("WWW-Authenticate"), Is.EqualTo(challenge));
    }

    [Test]
    public async Task Without_the_option_a_bearer_token_opens_nothing()
    {
        await using var app = await StartAsync(bearer: false);
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", "/", null, ("Authorization", $"Bearer {ann.Token.Reveal()}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Where_both_are_sent_the_bearer_token_alone_counts()
    {
        await using var app = await StartAsync();
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        using var both = await app.SendAsync("GET", "/", ann.Token, ("Authorization", $"Bearer {bob.Token.Reveal()}"));
        using var bad = await app.SendAsync("GET", "/", ann.Token, ("Authorization", "Bearer x"));

        Assert.That(await both.TextAsync(), Is.EqualTo("bob"));
        Assert.That(bad.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(bad.SetCookies(), Is.Empty, "the cookie was not looked at");
    }

    [Test]
    public async Task Bearer_tokens_are_exempt_from_the_cross_origin_rule()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "POST",
            "/logout",
            null,
            ("Authorization", $"Bearer {ann.Token.Reveal()}"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "https://spa.example")
        );

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task A_session_is_issued_without_a_cookie_and_its_token_opens_it()
    {
        await using var app = await StartAsync();

        using var issued = await app.SendAsync("POST", "/token");

        var token = await issued.TextAsync();
        using var response = await app.SendAsync("GET", "/", null, ("Authorization", $"Bearer {token}"));
        Assert.That(await response.TextAsync(), Is.EqualTo("ann"));
        Assert.That(issued.SetCookies(), Is.Empty);
        Assert.That(issued.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task Issuing_neither_reads_nor_ends_what_is_in_a_cookie()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var issued = await app.SendAsync("POST", "/token", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task Issuing_ends_the_session_of_the_bearer_token_that_was_shown()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var issued = await app.SendAsync("POST", "/token", null, ("Authorization", $"Bearer {ann.Token.Reveal()}"));

        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.Not.EqualTo(ann.Session.Id));
    }

    [Test]
    public async Task Issuing_a_token_that_would_open_nothing_is_an_error_before_any_store_call()
    {
        await using var app = await StartAsync(bearer: false);

        Assert.That(
            () => app.SendAsync("POST", "/token"),
            Throws.InvalidOperationException.With.Message.Contains("SessionHttpOptions.AllowBearerTokens")
        );
        Assert.That(app.StoreCalls, Is.Zero);
    }

    private static Task<SessionApp> StartAsync(bool bearer = true) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapGet("/", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
                app.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync()).RequireSession();
                app.MapPost(
                    "/token",
                    async (HttpContext http) =>
                    {
                        var issued = await http.IssueBearerSessionAsync("ann");
                        await http.Response.WriteAsync(issued.Token.Reveal());
                    }
                );
            },
            h => h.AllowBearerTokens = bearer
        );
}
