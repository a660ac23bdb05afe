using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.AspNetCore;

public sealed class RejectionTests
{
    [Test]
    public async Task A_refused_client_gets_problem_details_and_no_challenge_where_only_cookies_open()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/");

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
        Assert.That(response.Header("WWW-Authenticate"), Is.Null);
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task All_reasons_for_401_read_the_same()
    {
        await using var app = await StartAsync();
        var (dead, ann, old) = (
            await app.SignInAsync(),
            await app.SignInAsync(),
            await app.SignInAsync("ann", new() { Lifetime = TimeSpan.FromMinutes(1) })
        );
        await app.Administration.RevokeAsync(dead.Session.Id);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var wrong = ForgedToken.Create(ann.Session.Id).Reveal();

        var bodies = new List<string>();
        foreach (
            var shown in new[]
            {
                "",
                "__Host-sid=x",
                $"__Host-sid={dead.Token.Reveal()}",
                $"__Host-sid={old.Token.Reveal()}",
                $"__Host-sid={wrong}",
            }
        )
        {
            using var response = await app.SendAsync("GET", "/", null, shown.Length == 0 ? ("X-None", "") : ("Cookie", shown));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            bodies.Add(await response.TextAsync());
        }

        Assert.That(bodies.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_refused_HEAD_has_no_body()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("HEAD", "/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await response.TextAsync(), Is.Empty);
    }

    [Test]
    public async Task The_application_may_answer_for_itself()
    {
        await using var app = await StartAsync(h =>
            h.OnRejected = async rejected =>
            {
                rejected.HttpContext.Response.StatusCode = StatusCodes.Status418ImATeapot;
                await rejected.HttpContext.Response.WriteAsync($"{rejected.Name}{rejected.Rejection} {rejected.StatusCode}");
            }
        );

        using var response = await app.SendAsync("GET", "/");

        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status418ImATeapot));
        Assert.That(await response.TextAsync(), Is.EqualTo("NoToken 401"));
    }

    [Test]
    public async Task An_answer_of_the_applications_own_may_fall_back_on_the_default()
    {
        await using var app = await StartAsync(h =>
            h.OnRejected = rejected =>
            {
                rejected.HttpContext.Response.Headers["X-Seen"] = "yes";
                return rejected.RespondAsync();
            }
        );

        using var response = await app.SendAsync("GET", "/");

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
        Assert.That(response.Header("X-Seen"), Is.EqualTo("yes"));
    }

    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null) =>
        SessionApp.StartAsync(app => app.MapMethods("/", ["GET", "HEAD"], () => "in").RequireSession(), http);
}
