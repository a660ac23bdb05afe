using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>A user of a real browser proves again who they are, while another tab goes on. The time is not real.</summary>
[Parallelizable]
public sealed class ReauthenticationTabTests
{
    private const string Page = """<h1>in</h1><form method="post" action="/prove"><button>Prove it again</button></form>""";

    private int _alarms;

    [Test]
    public async Task A_double_click_whose_first_response_is_lost_proves_the_user_once_and_polls_of_another_tab_go_on()
    {
        var profile = Directory.CreateTempSubdirectory("sessions-chromium-").FullName;
        await using var app = await StartAsync();
        await using var proxy = HttpProxy.Start(app.Address);
        try
        {
            await using var browser = await Chromium.StartAsync(profile);
            var (form, other) = (browser.Tab, await browser.OpenTabAsync());
            await form.OpenAsync(new Uri(proxy.Address, "/public"));
            Assert.That(await form.FetchAsync("POST", "/login"), Is.EqualTo("200"));
            await form.OpenAsync(new Uri(proxy.Address, "/"));
            await other.OpenAsync(new Uri(proxy.Address, "/"));
            app.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.That(await other.FetchAsync("GET", "/fresh"), Is.EqualTo("401"));

            var lost = proxy.HoldNext("POST", "/prove");
            var button = await form.FindAsync("button");
            await form.ClickAsync(button, count: 1);
            await lost.Arrived;
            Assert.That(await other.FetchAsync("GET", "/poll"), Is.EqualTo("200"));
            Assert.That(await other.FetchAsync("GET", "/fresh"), Is.EqualTo("401"), "The token from before the proof has what it had.");
            var proved = form.NextPageAsync();
            var poll = other.FetchAsync("GET", "/poll");
            await form.ClickAsync(button, count: 2);
            await proved;

            Assert.That(await poll, Is.EqualTo("200"));
            Assert.That(await form.TextAsync("h1"), Is.EqualTo("fresh"));
            var (first, second) = (proxy.RequestsTo("/prove")[0], proxy.RequestsTo("/prove")[1]);
            Assert.That(second.Token, Is.EqualTo(first.Token).And.Not.Null, "The first response was lost.");
            Assert.That(second.NewToken, Is.EqualTo(first.NewToken).And.Not.Null, "The same token again.");
            foreach (var minutes in (int[])[0, 1, 1, 11, 60, 61, 10, 120])
            {
                app.Clock.Advance(TimeSpan.FromMinutes(minutes));
                Assert.That(await other.FetchAsync("GET", "/poll"), Is.EqualTo("200"));
            }

            Assert.That((await app.Administration.FetchAllAsync("ann")).Count, Is.EqualTo(1));
            Assert.That(_alarms, Is.Zero);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapGet("/", () => Results.Text(Page, "text/html")).RequireSession();
                app.MapGet("/public", () => Results.Text("<h1>out</h1>", "text/html"));
                app.MapGet("/poll", () => "in").RequireSession();
                app.MapGet("/fresh", () => Results.Text("<h1>fresh</h1>", "text/html")).RequireSession(maxAge: TimeSpan.FromMinutes(5));
                app.MapPost("/login", (HttpContext http) => http.InitSessionAsync("ann", new SessionInit { IsPersistent = true }));
                app.MapPost(
                        "/prove",
                        async (HttpContext http) =>
                            await http.ReauthenticateAsync("otp") is null ? Results.Conflict() : Results.LocalRedirect("/fresh")
                    )
                    .RequireSession();
            },
            options: o =>
            {
                o.Lifetime = TimeSpan.FromDays(14);
                o.Events.OnCopyDetected += _ =>
                {
                    _alarms++;
                    return ValueTask.CompletedTask;
                };
            },
            kestrel: true
        );
}
