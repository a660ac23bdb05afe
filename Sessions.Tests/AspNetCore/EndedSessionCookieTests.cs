using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class EndedSessionCookieTests
{
    [TestCase("/required", "navigate", true)]
    [TestCase("/required", null, true)]
    [TestCase("/required", "cors", false)]
    [TestCase("/required", "no-cors", false)]
    [TestCase("/required", "same-origin", false)]
    [TestCase("/required", "websocket", false)]
    [TestCase("/public", "navigate", true)]
    [TestCase("/public", null, true)]
    [TestCase("/public", "cors", false)]
    public async Task A_dead_cookie_is_taken_back_on_a_navigation_only(string path, string? mode, bool cleared)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("GET", path, ann.Token, mode is null ? ("X-None", "") : ("Sec-Fetch-Mode", mode));

        Assert.That(response.ClearsCookie(), Is.EqualTo(cleared));
        Assert.That(response.SetCookies(), Has.Count.EqualTo(cleared ? 1 : 0));
    }

    [Test]
    public async Task A_malformed_cookie_is_dead()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/required", null, ("Cookie", "__Host-sid=x"));

        Assert.That(response.ClearsCookie(), Is.True);
    }

    [Test]
    public async Task A_good_cookie_is_not_set_again()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", "/required", ann.Token, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_good_cookie_on_a_foreign_request_is_not_dead()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/required", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [TestCase("/values", "cors", false)]
    [TestCase("/values", "navigate", true)]
    [TestCase("/others", "cors", false)]
    [TestCase("/others", null, true)]
    [TestCase("/logout", "cors", true)]
    public async Task A_session_that_ends_while_a_request_runs_takes_the_cookie_with_it_by_the_same_rule(
        string path,
        string? mode,
        bool cleared
    )
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", path, ann.Token, mode is null ? ("X-None", "") : ("Sec-Fetch-Mode", mode));

        Assert.That(response.SetCookies(), Has.Count.EqualTo(cleared ? 1 : 0));
        Assert.That(response.ClearsCookie(), Is.EqualTo(cleared));
    }

    private static async Task RevokeDuringRequestAsync(HttpContext http, SessionManager sessions) =>
        await new SessionAdministration(sessions).RevokeAsync(http.GetSession()!.Id);

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(app =>
        {
            app.MapMethods("/required", ["GET", "POST"], () => "in").RequireSession();
            app.MapGet("/public", () => "in").PublicSession();
            app.MapPost(
                    "/values",
                    async (HttpContext http, SessionManager sessions) =>
                    {
                        await RevokeDuringRequestAsync(http, sessions);
                        await http.UpdateSessionValuesAsync(ValuesPatch.Empty.Set("a", "b"));
                    }
                )
                .RequireSession();
            app.MapPost(
                    "/others",
                    async (HttpContext http, SessionManager sessions) =>
                    {
                        await RevokeDuringRequestAsync(http, sessions);
                        await http.RevokeOtherSessionsAsync();
                    }
                )
                .RequireSession();
            app.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync()).RequireSession();
        });
}
