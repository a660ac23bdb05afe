using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class GateTests
{
    private sealed record Body(int Number);

    [Test]
    public async Task A_session_is_let_in()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => http.GetSession()!.UserKey).RequireSession()
        );
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task One_request_calls_the_store_once()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => http.GetSession()!.UserKey).RequireSession().PublicSession()
        );
        var ann = await app.SignInAsync();

        await app.GetAsync("/", ann.Token);

        Assert.That(app.StoreCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_malformed_body_without_a_session_gets_401_and_not_400()
    {
        await using var app = await SessionApp.StartAsync(app => app.MapPost("/", (Body body) => body.Number).RequireSession());
        var ann = await app.SignInAsync();

        using var stranger = await app.Client.PostAsync("/", new StringContent("{bad", null, "application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("{bad", null, "application/json") };
        request.Headers.Add("Cookie", "__Host-sid=" + ann.Token.Reveal());
        using var known = await app.Client.SendAsync(request);

        Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "the body is malformed indeed");
    }

    [Test]
    public async Task An_endpoint_does_not_run_without_a_session()
    {
        var ran = false;
        await using var app = await SessionApp.StartAsync(app => app.MapGet("/", () => ran = true).RequireSession());

        using var response = await app.SendAsync("GET", "/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task A_public_endpoint_runs_without_a_session()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => $"{http.GetSession()?.UserKey} {http.GetSessionRejection()}").PublicSession()
        );
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/"), Is.EqualTo(" NoToken"));
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann None"));
    }

    [TestCase("", SessionRejection.MalformedToken)]
    [TestCase("x", SessionRejection.MalformedToken)]
    [TestCase("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", SessionRejection.MalformedToken)]
    [TestCase(null, SessionRejection.NoToken)]
    public async Task What_is_no_token_never_reaches_the_store(string? value, SessionRejection expected)
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => $"{http.GetSessionRejection()}").PublicSession()
        );

        using var response = await app.SendAsync("GET", "/", null, value is null ? ("X-None", "") : ("Cookie", $"__Host-sid={value}"));

        Assert.That(await response.TextAsync(), Is.EqualTo(expected.ToString()));
        Assert.That(app.StoreCalls, Is.Zero);
    }

    [Test]
    public async Task A_session_is_refused_from_the_exact_instant_of_its_expiry()
    {
        await using var app = await SessionApp.StartAsync(app => app.MapGet("/", () => "in").RequireSession());
        var ann = await app.SignInAsync("ann", new SessionInit { Lifetime = TimeSpan.FromMinutes(1) });

        app.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("in"));

        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await app.SendAsync("GET", "/", ann.Token);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task The_verdict_is_a_feature_of_the_request()
    {
        SessionAuthResult? found = null;
        SessionAuthResult? other = null;
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet(
                    "/",
                    (HttpContext http) =>
                    {
                        var feature = http.Features.Get<ISessionUpFeature>()!;
                        (found, other) = (feature.GetAuthResult(), feature.GetAuthResult("nobody"));
                    }
                )
                .RequireSession()
        );
        var ann = await app.SignInAsync();

        await app.GetAsync("/", ann.Token);

        Assert.That(found?.Session?.Id, Is.EqualTo(ann.Session.Id));
        Assert.That(other, Is.Null);
    }

    [Test]
    public async Task Reading_the_session_without_the_middleware_throws()
    {
        InvalidOperationException? thrown = null;
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet(
                "/",
                (HttpContext http) =>
                {
                    thrown = Assert.Throws<InvalidOperationException>(() => http.GetSession());
                }
            )
        );

        await app.GetAsync("/");

        Assert.That(thrown?.Message, Does.Contain(".RequireSession()").And.Contain(".PublicSession()"));
    }

    [Test]
    public async Task A_bodys_binding_works_for_a_session()
    {
        await using var app = await SessionApp.StartAsync(app => app.MapPost("/", (Body body) => body.Number).RequireSession());
        var ann = await app.SignInAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = JsonContent.Create(new Body(42)) };
        request.Headers.Add("Cookie", "__Host-sid=" + ann.Token.Reveal());
        using var response = await app.Client.SendAsync(request);

        Assert.That(await response.TextAsync(), Is.EqualTo("42"));
    }
}
