using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Cookie authentication renews a ticket in the second half of its life; the idle time of its session goes on beside that.</summary>
public sealed class TicketIdleTests
{
    private static readonly TimeSpan Ticket = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(45);

    [Test]
    public async Task Renewing_a_ticket_starts_the_idle_time_anew_and_does_not_lift_it()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(200));

        var session = (await app.Manager.FetchAllAsync("ann")).Single();
        Assert.That(session.EndsAt, Is.EqualTo(app.Clock.UtcNow + Ticket).Within(TimeSpan.FromSeconds(1)), "The ticket was renewed.");
        Assert.That(session.ExpiresAt, Is.EqualTo(app.Clock.UtcNow + Idle).Within(TimeSpan.FromMilliseconds(1)));
        app.Clock.Advance(Idle);
        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(401));
    }

    [Test]
    public async Task A_page_that_asks_by_itself_renews_the_ticket_and_not_the_idle_time()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        var used = app.Clock.UtcNow;

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.That(await StatusAsync(app, "/poll", cookie), Is.EqualTo(200));

        var session = (await app.Manager.FetchAllAsync("ann")).Single();
        Assert.That(session.EndsAt, Is.EqualTo(app.Clock.UtcNow + Ticket).Within(TimeSpan.FromSeconds(1)), "The ticket was renewed.");
        Assert.That(session.ExpiresAt, Is.EqualTo(used + Idle).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task A_session_never_outlives_a_ticket_that_ends_before_the_idle_time_is_over()
    {
        await using var app = await StartAsync(idle: Ticket * 2);
        var cookie = await SignInAsync(app);

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await StatusAsync(app, "/use", cookie);

        var session = (await app.Manager.FetchAllAsync("ann")).Single();
        Assert.That(session.ExpiresAt, Is.EqualTo(session.EndsAt));
    }

    private static async Task<string> SignInAsync(SessionApp app)
    {
        using var response = await app.SendAsync("POST", "/sign-in");
        var cookie = response.SetCookies().Single();
        return $"{cookie.Name}={cookie.Value}";
    }

    private static async Task<int> StatusAsync(SessionApp app, string path, string cookie)
    {
        using var response = await app.SendAsync("GET", path, null, ("Cookie", cookie));
        return (int)response.StatusCode;
    }

    private static Task<SessionApp> StartAsync(TimeSpan? idle = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication();
                app.MapPost(
                    "/sign-in",
                    (HttpContext http) =>
                        http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ann")], "test")))
                );
                app.MapGet("/use", () => "in").RequireSession();
                app.MapGet("/poll", () => "in").RequireSession(slide: false);
            },
            options: o => o.IdleTimeout = idle ?? Idle,
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services
                    .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddCookie(cookie => cookie.ExpireTimeSpan = Ticket);
                services.AddSessionUp().AddTicketStore();
            }
        );
}
