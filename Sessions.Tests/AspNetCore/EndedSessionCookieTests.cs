using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.AspNetCore;

public sealed class EndedSessionCookieTests
{
    [Test]
    [Combinatorial]
    public async Task A_dead_cookie_is_left_alone_since_the_browser_may_have_another_by_now(
        [Values("/required", "/public")] string path,
        [Values("navigate", "cors", "no-cors", "same-origin", "websocket", null)] string? mode
    )
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("GET", path, ann.Token, mode is null ? ("X-None", "") : ("Sec-Fetch-Mode", mode));

        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_malformed_cookie_is_left_alone()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/required", null, ("Cookie", "__Host-sid=x"));

        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_sign_out_takes_the_cookie_back_even_when_nothing_is_left_to_end()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("POST", "/logout-public", ann.Token);

        Assert.That(response.ClearsCookie(), Is.True);
    }

    [Test]
    public async Task A_sign_out_with_an_old_token_of_the_session_ends_it()
    {
        await using var app = await StartAsync();
        var old = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var rotated = await app.SendAsync("GET", "/required", old.Token);
        await app.GetAsync("/required", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.GetAsync("/required", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        using var late = await app.SendAsync("GET", "/required", old.Token);

        using var response = await app.SendAsync("POST", "/logout-public", old.Token);

        Assert.That(await late.TextAsync(), Does.Contain("\"reason\":\"late\""));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task A_sign_out_with_a_forged_token_on_a_public_id_ends_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout-public", ForgedToken.Create(ann.Session.Id));

        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_foreign_site_signs_no_one_out()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("POST", "/logout-public", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(response.SetCookies(), Is.Empty);
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
    [TestCase("/values", "navigate", false)]
    [TestCase("/others", "cors", false)]
    [TestCase("/others", null, false)]
    [TestCase("/logout", "cors", true)]
    public async Task A_session_that_ends_while_a_request_runs_takes_the_cookie_with_it_only_if_the_user_signs_out(
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
            app.MapPost("/logout-public", (HttpContext http) => http.RevokeSessionAsync()).PublicSession();
        });
}
