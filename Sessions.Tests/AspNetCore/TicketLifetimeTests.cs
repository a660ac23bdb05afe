using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Cookie authentication renews a ticket in the second half of its life; the clocks of its session go on beside that.</summary>
public sealed class TicketLifetimeTests
{
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(45);

    [Test]
    public async Task Renewing_a_ticket_starts_the_idle_time_anew_and_does_not_lift_it()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(200));

        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(
            session.EndsAt,
            Is.EqualTo(app.Clock.UtcNow + TicketLifetime).Within(TimeSpan.FromSeconds(1)),
            "The ticket was renewed."
        );
        Assert.That(session.ExpiresAt, Is.EqualTo(app.Clock.UtcNow + Idle).Within(TimeSpan.FromMilliseconds(1)));
        app.Clock.Advance(Idle);
        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(401));
    }

    [Test]
    public async Task A_page_that_polls_renews_the_ticket_and_not_the_idle_time()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        var used = app.Clock.UtcNow;

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.That(await StatusAsync(app, "/poll", cookie), Is.EqualTo(200));

        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(
            session.EndsAt,
            Is.EqualTo(app.Clock.UtcNow + TicketLifetime).Within(TimeSpan.FromSeconds(1)),
            "The ticket was renewed."
        );
        Assert.That(session.ExpiresAt, Is.EqualTo(used + Idle).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task A_session_never_outlives_a_ticket_that_ends_before_the_idle_time_is_over()
    {
        await using var app = await StartAsync(o => o.IdleTimeout = TicketLifetime * 2);
        var cookie = await SignInAsync(app);

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await StatusAsync(app, "/use", cookie);

        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(session.ExpiresAt, Is.EqualTo(session.EndsAt));
    }

    [Test]
    public async Task A_new_sign_in_counts_as_a_reauthentication()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.That(await StatusAsync(app, "/pay", cookie), Is.EqualTo(401));

        cookie = await SignInAsync(app, cookie);

        Assert.That(await StatusAsync(app, "/pay", cookie), Is.EqualTo(200));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1), "It is the same session.");
    }

    [Test]
    public async Task A_sign_in_that_only_brings_claims_up_to_date_proves_nothing()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await StatusAsync(app, "/use", cookie);

        // As Identity does it: with the properties of the ticket that is there, which was just renewed.
        using var refreshed = await app.SendAsync("POST", "/refresh", null, ("Cookie", cookie));

        Assert.That(refreshed.IsSuccessStatusCode);
        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(200));
        Assert.That(await StatusAsync(app, "/pay", cookie), Is.EqualTo(401));
    }

    [Test]
    public async Task A_renewed_ticket_proves_nothing()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.That(await StatusAsync(app, "/use", cookie), Is.EqualTo(200));

        Assert.That(await StatusAsync(app, "/pay", cookie), Is.EqualTo(401));
    }

    [Test]
    public async Task No_renewal_carries_a_session_past_what_its_assurance_level_allows()
    {
        await using var app = await StartAsync(o => o.UseAssurance(NistAal.Aal3).IdleTimeout = null, TimeSpan.FromHours(20));
        var cookie = await SignInAsync(app);
        var signedIn = app.Clock.UtcNow;
        var first = (await app.Administration.FetchAllAsync("ann")).Single().EndsAt;
        app.Clock.Advance(TimeSpan.FromHours(11));

        await StatusAsync(app, "/use", cookie);

        var most = signedIn + TimeSpan.FromHours(12);
        Assert.That(first, Is.EqualTo(most).Within(TimeSpan.FromSeconds(1)));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().EndsAt, Is.EqualTo(most).Within(TimeSpan.FromSeconds(1)));
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        await SignInAsync(app, cookie);
        Assert.That(
            (await app.Administration.FetchAllAsync("ann")).Single().EndsAt,
            Is.EqualTo(most + TimeSpan.FromHours(11.5)).Within(TimeSpan.FromSeconds(1)),
            "Whoever proves again who he is begins anew."
        );
    }

    private static async Task<string> SignInAsync(SessionApp app, string? cookie = null)
    {
        using var response = await app.SendAsync("POST", "/sign-in", null, ("Cookie", cookie ?? "none=0"));
        var issued = response.SetCookies().Single();
        return $"{issued.Name}={issued.Value}";
    }

    private static async Task<int> StatusAsync(SessionApp app, string path, string cookie)
    {
        using var response = await app.SendAsync("GET", path, null, ("Cookie", cookie));
        return (int)response.StatusCode;
    }

    private static Task<SessionApp> StartAsync(Action<SessionUpOptions>? options = null, TimeSpan? ticket = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication();
                var ann = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ann")], "test"));
                app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(ann));
                app.MapPost(
                    "/refresh",
                    async (HttpContext http) => await http.SignInAsync(ann, (await http.AuthenticateAsync()).Properties)
                );
                app.MapGet("/use", () => "in").RequireSession();
                app.MapGet("/pay", () => "in").RequireSession(maxAge: TimeSpan.FromMinutes(5));
                app.MapGet("/poll", () => "in").RequireSession(slide: false);
            },
            options: options ?? (static o => o.IdleTimeout = Idle),
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services
                    .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddCookie(cookie => cookie.ExpireTimeSpan = ticket ?? TicketLifetime);
                services.AddSessionUp().AddTicketStore();
            }
        );
}
