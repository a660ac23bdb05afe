using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.AspNetCore;

public sealed class InitTests
{
    [Test]
    public async Task The_new_session_is_the_session_of_the_request_from_then_on()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                "/login",
                async (HttpContext http) =>
                {
                    var session = await http.InitSessionAsync("ann");
                    return http.GetSession() == session && http.GetSessionRejection() == SessionRejection.None;
                }
            )
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await response.TextAsync(), Is.EqualTo("true"));
    }

    [Test]
    public async Task The_session_that_the_browser_held_is_ended()
    {
        await using var app = await StartAsync();
        var held = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/login?user=ann", held.Token);

        Assert.That(await app.GetAsync("/", held.Token), Is.EqualTo("nobody"));
        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_cookie_with_an_id_of_another_session_and_a_wrong_secret_ends_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        var forged = ForgedToken.Create(ann.Session.Id).Reveal();

        using var response = await app.SendAsync("POST", "/login?user=eve", null, ("Cookie", $"__Host-sid={forged}"));

        Assert.That(response.Token().Id, Is.Not.EqualTo(ann.Session.Id));
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task Beginning_twice_in_a_request_leaves_one_session_and_sets_one_cookie()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                "/login",
                async (HttpContext http) =>
                {
                    await http.InitSessionAsync("ann");
                    await http.InitSessionAsync("ann");
                }
            )
        );

        using var response = await app.SendAsync("POST", "/login");

        var left = await app.Administration.FetchAllAsync("ann");
        Assert.That(left, Has.Count.EqualTo(1));
        Assert.That(response.Token().Id, Is.EqualTo(left[0].Id));
    }

    [Test]
    public async Task What_the_caller_sets_is_in_the_session()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                "/login",
                async (HttpContext http) =>
                    (
                        await http.InitSessionAsync(
                            "ann",
                            new SessionInit
                            {
                                Lifetime = TimeSpan.FromHours(2),
                                IsPersistent = false,
                                Values = SessionValues.Empty.Set("theme", "dark"),
                                AuthenticationMethod = "otp",
                            }
                        )
                    ).UserKey
            )
        );

        using var response = await app.SendAsync("POST", "/login");

        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(session.EndsAt, Is.EqualTo(app.Clock.UtcNow + TimeSpan.FromHours(2)));
        Assert.That(session.Values["theme"], Is.EqualTo("dark"));
        Assert.That(session.AuthenticationMethod, Is.EqualTo("otp"));
        Assert.That(response.SetCookies().Single().MaxAge, Is.Null, "not remembered");
    }

    [Test]
    public async Task Init_and_then_revoke_leaves_neither_session_nor_cookie()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                "/login",
                async (HttpContext http) =>
                {
                    await http.InitSessionAsync("ann");
                    return await http.RevokeSessionAsync() && http.GetSession() is null;
                }
            )
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await response.TextAsync(), Is.EqualTo("true"));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task Revoke_and_then_init_sets_the_new_cookie_only()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.RevokeSessionAsync();
                        await http.InitSessionAsync("bob");
                    }
                )
                .RequireSession()
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/login", ann.Token);

        Assert.That(response.Token().Id, Is.EqualTo((await app.Administration.FetchAllAsync("bob")).Single().Id));
    }

    [TestCase("cross-site", null)]
    [TestCase("same-site", null)]
    [TestCase(null, "https://evil.example")]
    public async Task A_sign_in_from_a_foreign_origin_changes_nothing(string? site, string? origin)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "POST",
            "/login?user=eve",
            ann.Token,
            site is null ? ("Origin", origin!) : ("Sec-Fetch-Site", site)
        );

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Forbidden)));
        Assert.That(app.StoreCalls, Is.Zero);
    }

    [Test]
    public async Task A_filter_answers_a_sign_in_from_a_foreign_origin_with_403()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey).PublicSession()
        );

        using var response = await app.SendAsync("POST", "/login", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Forbidden)));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task An_exempt_endpoint_may_begin_a_session_on_a_request_from_a_foreign_origin()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost("/callback", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey).AllowCrossOriginSession()
        );

        using var response = await app.SendAsync("POST", "/callback", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Parallel_sign_ins_of_one_user_all_get_sessions_of_their_own()
    {
        await using var app = await StartAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.SendAsync("POST", "/login?user=ann")));

        Assert.That(responses.Select(response => response.Token().Id), Is.Unique);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(16));
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(app =>
        {
            app.MapPost("/login", async (HttpContext http, string user) => (await http.InitSessionAsync(user)).UserKey);
            app.MapGet("/", (HttpContext http) => http.GetSession()?.UserKey ?? "nobody").PublicSession();
        });
}
