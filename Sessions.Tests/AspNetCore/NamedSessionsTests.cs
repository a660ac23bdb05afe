using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class NamedSessionsTests
{
    [Test]
    public async Task Two_names_live_side_by_side_without_cross_talk()
    {
        await using var app = await StartAsync();
        using var user = await app.SendAsync("POST", "/login");
        using var admin = await app.SendAsync("POST", "/admin/login");
        var both = $"__Host-sid={user.Token().Reveal()}; __Host-sid-admin={admin.Token().Reveal()}";

        Assert.That(admin.SetCookies().Single().Name.Value, Is.EqualTo("__Host-sid-admin"));
        Assert.That(await CreateRequest("/both", both), Is.EqualTo("ann root"));
        Assert.That(await CreateRequest("/both", both.Split("; ")[0]), Is.EqualTo("ann "));
        Assert.That(await CreateRequest("/both", both.Split("; ")[1]), Is.EqualTo(" root"));
        Assert.That(
            await CreateRequest("/admin", $"__Host-sid-admin={user.Token().Reveal()}"),
            Is.EqualTo("401"),
            "a token of one name opens nothing under another"
        );
        Assert.That(await CreateRequest("/user", $"__Host-sid={admin.Token().Reveal()}"), Is.EqualTo("401"));

        async Task<string> CreateRequest(string path, string cookies)
        {
            using var response = await app.SendAsync("GET", path, null, ("Cookie", cookies));
            return response.IsSuccessStatusCode ? await response.TextAsync() : $"{(int)response.StatusCode}";
        }
    }

    [Test]
    public async Task Ending_the_sessions_of_one_name_leaves_the_other_alone()
    {
        await using var app = await StartAsync();
        using var user = await app.SendAsync("POST", "/login");
        using var admin = await app.SendAsync("POST", "/admin/login");

        using var response = await app.SendAsync(
            "POST",
            "/admin/logout",
            null,
            ("Cookie", $"__Host-sid={user.Token().Reveal()}; __Host-sid-admin={admin.Token().Reveal()}")
        );

        Assert.That(response.ClearsCookie("__Host-sid-admin"), Is.True);
        Assert.That(await app.GetAsync("/user", user.Token()), Is.EqualTo("ann"));
    }

    [Test]
    public async Task An_endpoint_that_requires_both_refuses_a_request_with_one()
    {
        await using var app = await StartAsync();
        using var user = await app.SendAsync("POST", "/login");

        using var response = await app.SendAsync("GET", "/require-both", user.Token());

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task A_filter_of_one_name_says_nothing_of_another()
    {
        await using var app = await StartAsync();
        using var user = await app.SendAsync("POST", "/login");

        Assert.That(await app.GetAsync("/user-asks-admin", user.Token()), Does.Contain(".RequireSession(\"admin\")"));
    }

    [Test]
    public void A_filter_of_a_name_that_was_never_added_stops_the_host()
    {
        Assert.That(
            () => SessionApp.StartAsync(app => app.MapGet("/", () => "in").RequireSession("nobody")),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("Call AddSessionUp(\"nobody\")")
        );
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                    }
                );
                app.MapPost(
                    "/admin/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("root", name: "admin");
                    }
                );
                app.MapPost("/admin/logout", (HttpContext http) => http.RevokeAllSessionsAsync("admin"))
                    .RequireSession("admin")
                    .PublicSession();
                app.MapGet("/user", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
                app.MapGet("/admin", (HttpContext http) => http.GetSession("admin")!.UserKey).RequireSession("admin");
                app.MapGet("/both", (HttpContext http) => $"{http.GetSession()?.UserKey} {http.GetSession("admin")?.UserKey}")
                    .PublicSession()
                    .PublicSession("admin");
                app.MapGet("/require-both", () => "in").RequireSession().RequireSession("admin");
                app.MapGet(
                        "/user-asks-admin",
                        (HttpContext http) =>
                        {
                            var thrown = Assert.Throws<InvalidOperationException>(() => http.GetSession("admin"));
                            return thrown.Message;
                        }
                    )
                    .RequireSession();
            },
            services: services => services.AddSessionUp("admin").UseMemory()
        );
}
