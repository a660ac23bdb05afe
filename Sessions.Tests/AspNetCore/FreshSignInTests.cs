using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class FreshSignInTests
{
    [TestCase("/pay")]
    [TestCase("/attributed")]
    public async Task An_old_sign_in_requires_a_new_one_and_nothing_else_changes(string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        using var response = await app.SendAsync("GET", path, ann.Token, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
        Assert.That((await response.JsonAsync()).GetProperty("reason").GetString(), Is.EqualTo("reauthenticate"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("in"));
    }

    [TestCase("/pay")]
    [TestCase("/attributed")]
    public async Task A_recent_sign_in_is_let_in(string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(await app.GetAsync(path, ann.Token), Is.EqualTo("in"));
    }

    [Test]
    public async Task After_a_reauthentication_the_new_cookie_is_fresh_and_the_old_one_goes_on_with_what_it_had()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(20));

        using var again = await app.SendAsync("POST", "/again", ann.Token);
        var session = (await app.Administration.FetchAllAsync("ann")).Single();

        Assert.That(again.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await app.GetAsync("/pay", again.Token()), Is.EqualTo("in"));
        Assert.That(session.AuthenticationMethod, Is.EqualTo("otp"));
        Assert.That(session.EndsAt, Is.EqualTo(app.Clock.UtcNow + TimeSpan.FromHours(24)), "both clocks start anew");
        using var old = await app.SendAsync("GET", "/", ann.Token);
        using var oldPays = await app.SendAsync("GET", "/pay", ann.Token);
        Assert.That((old.StatusCode, oldPays.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Without_a_session_the_refusal_requires_a_sign_in_and_no_reauthentication()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/pay");

        Assert.That((await response.JsonAsync()).TryGetProperty("reason", out _), Is.False);
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(app =>
        {
            app.MapGet("/", () => "in").RequireSession();
            app.MapGet("/pay", () => "in").RequireSession(maxAge: TimeSpan.FromMinutes(5));
            app.MapGet("/attributed", [RequireSession(MaxAgeSeconds = 300)] () => "in").RequireSession();
            app.MapPost("/again", async (HttpContext http) => (await http.ReauthenticateAsync("otp")) is not null).RequireSession();
        });
}
