using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

[TestFixture(false)]
[TestFixture(true)]
public sealed class IdleTimeoutTests(bool cached)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);

    private sealed class EchoHub : Hub;

    [TestCase("/normal", "*/*", true)]
    [TestCase("/public", "*/*", true)]
    [TestCase("/poll", "*/*", false)]
    [TestCase("/public-poll", "*/*", false)]
    [TestCase("/attributed-poll", "*/*", false)]
    [TestCase("/authorized", "*/*", true)]
    [TestCase("/authorized-poll", "*/*", false)]
    [TestCase("/hub?id=none", "*/*", false)]
    [TestCase("/hub?id=none", "text/event-stream", true)]
    [TestCase("/sessions", "*/*", true)]
    [TestCase("/sessions/current", "*/*", false)]
    public async Task What_a_page_does_by_itself_does_not_keep_a_session_alive(string path, string accept, bool slides)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        var expires = ann.Session.ExpiresAt;
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        using var response = await app.SendAsync("GET", path, ann.Token, ("Accept", accept));

        await app.Manager.Authenticator.FlushAsync();
        Assert.That(response.StatusCode, Is.Not.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            (await app.Administration.FetchAllAsync("ann")).Single().ExpiresAt,
            Is.EqualTo(slides ? app.Clock.UtcNow + Idle : expires)
        );
    }

    [Test]
    public async Task A_page_can_read_the_time_left()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        using var response = await app.SendAsync("GET", "/sessions/current", ann.Token);
        var current = await response.JsonAsync();

        Assert.That(current.GetProperty("id").GetString(), Is.EqualTo(ann.Session.Id.ToString()));
        Assert.That(current.GetProperty("expiresInSeconds").GetInt64(), Is.EqualTo(15 * 60));
        Assert.That(current.GetProperty("endsInSeconds").GetInt64(), Is.EqualTo(8 * 60 * 60 - 5 * 60));
        Assert.That(await response.TextAsync(), Does.Not.Contain(ann.Token.Reveal()));
    }

    [Test]
    public async Task A_session_that_is_idle_too_long_is_refused()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(Idle);

        using var response = await app.SendAsync("GET", "/normal", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task No_use_keeps_a_session_alive_past_its_end()
    {
        await using var app = await StartAsync();
        var token = (await app.SignInAsync()).Token;
        var hours = 0.0;
        using var last = await RequestUntilRefusedAsync();

        Assert.That(hours, Is.EqualTo(8));

        async Task<HttpResponseMessage> RequestUntilRefusedAsync()
        {
            while (true)
            {
                var response = await app.SendAsync("GET", "/normal", token);
                if (!response.IsSuccessStatusCode)
                {
                    return response;
                }

                token = response.SetCookies().Count > 0 ? response.Token() : token;
                await app.Manager.Authenticator.FlushAsync();
                app.Clock.Advance(TimeSpan.FromMinutes(15));
                hours += 0.25;
            }
        }
    }

    [Test]
    public async Task What_waits_is_written_when_the_host_stops()
    {
        var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(3));
        await app.GetAsync("/normal", ann.Token);
        var before = app.Store.CountCalls(StoreOperations.Touch);

        await app.DisposeAsync();

        Assert.That((before, app.Store.CountCalls(StoreOperations.Touch)), Is.EqualTo((0, 1)));
    }

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication().UseAuthorization();
                app.MapGet("/normal", () => "in").RequireSession();
                app.MapGet("/public", () => "in").PublicSession();
                app.MapGet("/poll", () => "in").RequireSession(slide: false);
                app.MapGet("/public-poll", () => "in").PublicSession(slide: false);
                app.MapGet("/attributed-poll", [RequireSession(Slide = false)] () => "in").RequireSession();
                app.MapGet("/authorized", () => "in").RequireAuthorization();
                app.MapGet("/authorized-poll", () => "in").RequireAuthorization().RequireSession(slide: false);
                app.MapHub<EchoHub>("/hub").RequireSession();
                app.MapSessions("/sessions");
            },
            options: o => (o.IdleTimeout, o.Lifetime, o.Cache) = (Idle, TimeSpan.FromHours(8), cached ? new() : null),
            services: services =>
            {
                services.AddSignalR();
                services.AddAuthentication(SessionAuthenticationOptions.DefaultScheme).AddSessionUp();
                services.AddAuthorization();
            }
        );
}
