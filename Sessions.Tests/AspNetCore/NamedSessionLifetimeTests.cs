using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Sessions of several names have lives of their own.</summary>
public sealed class NamedSessionLifetimeTests
{
    [TestCase(4, "")]
    [TestCase(11, "__Host-sid-admin")]
    [TestCase(61, "__Host-sid __Host-sid-admin")]
    public async Task Each_rotates_in_its_own_time(int minutes, string rotated)
    {
        await using var app = await StartAsync(idle: null);
        var both = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(minutes));

        using var response = await app.SendAsync("GET", "/both", null, ("Cookie", both));

        Assert.That(await response.TextAsync(), Is.EqualTo("ann root"));
        Assert.That(
            response.SetCookies().Select(cookie => cookie.Name.Value).Order(),
            Is.EqualTo(rotated.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    [Test]
    public async Task Use_of_one_does_not_keep_the_other_alive()
    {
        await using var app = await StartAsync(idle: TimeSpan.FromMinutes(9));
        var both = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        using var user = await app.SendAsync("GET", "/user", null, ("Cookie", both));
        await app.Manager.Authenticator.FlushAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        using var response = await app.SendAsync("GET", "/both", null, ("Cookie", both), ("Sec-Fetch-Mode", "cors"));

        Assert.That(await response.TextAsync(), Is.EqualTo("ann "));
    }

    [Test]
    public async Task Ending_all_of_one_name_leaves_the_same_users_sessions_of_the_other()
    {
        await using var app = await StartAsync(idle: null);
        var admins = app.Services.GetRequiredKeyedService<SessionManager>("admin");
        await app.SignInAsync("ann");
        await admins.InitAsync("ann");

        await new SessionAdministration(admins).RevokeAllAsync("ann");

        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
        Assert.That(await new SessionAdministration(admins).FetchAllAsync("ann"), Is.Empty);
    }

    private static async Task<string> SignInAsync(SessionApp app)
    {
        using var user = await app.SendAsync("POST", "/login");
        using var admin = await app.SendAsync("POST", "/admin/login");
        return $"__Host-sid={user.Token().Reveal()}; __Host-sid-admin={admin.Token().Reveal()}";
    }

    private static Task<SessionApp> StartAsync(TimeSpan? idle) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
                app.MapPost("/admin/login", async (HttpContext http) => (await http.InitSessionAsync("root", name: "admin")).UserKey);
                app.MapGet("/user", () => "in").RequireSession();
                app.MapGet("/both", (HttpContext http) => $"{http.GetSession()?.UserKey} {http.GetSession("admin")?.UserKey}")
                    .PublicSession()
                    .PublicSession("admin");
            },
            services: services =>
                services
                    .AddSessionUp(
                        "admin",
                        o => (o.RotateAfter, o.RotationGrace, o.IdleTimeout) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), idle)
                    )
                    .UseMemory()
        );
}
