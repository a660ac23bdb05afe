using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

public sealed class VisitorTests
{
    [Test]
    public async Task A_visitor_costs_nothing_before_the_first_value()
    {
        await using var app = await StartAsync();

        for (var i = 0; i < 10; i++)
        {
            using var look = await app.SendAsync("GET", "/cart");
            Assert.That(look.SetCookies(), Is.Empty);
        }

        Assert.That(app.StoreCalls, Is.Zero);
        using var put = await app.SendAsync("POST", "/cart?item=tea");
        Assert.That(app.StoreCalls, Is.EqualTo(1));
        Assert.That(await app.GetAsync("/cart", put.Token()), Is.EqualTo("visitor tea"));
    }

    [Test]
    public async Task A_visitors_session_is_begun_once_and_ends_after_its_own_short_time()
    {
        await using var app = await StartAsync();
        using var first = await app.SendAsync("GET", "/start");
        using var second = await app.SendAsync("GET", "/start", first.Token());

        Assert.That(await second.TextAsync(), Is.EqualTo(await first.TextAsync()));
        Assert.That(second.SetCookies(), Is.Empty);
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await app.GetAsync("/cart", first.Token()), Is.EqualTo("stranger"));
    }

    [TestCase("cross-site", "none")]
    [TestCase("same-origin", null)]
    public async Task Under_a_strict_cookie_another_sites_link_begins_no_session(string site, string? answer)
    {
        await using var app = await StartAsync(h => h.UseStrictCookie());

        using var response = await app.SendAsync("GET", "/start", null, ("Sec-Fetch-Site", site));

        Assert.That(response.SetCookies(), Has.Count.EqualTo(answer is null ? 1 : 0));
        Assert.That(await response.TextAsync(), answer is null ? Is.Not.EqualTo("none") : Is.EqualTo(answer));
    }

    [Test]
    public async Task While_the_store_is_down_no_session_is_replaced_by_a_new_one()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail(StoreOperations.Fetch);

        using var response = await app.SendAsync("GET", "/start", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("none"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(app.Store.CountCalls(StoreOperations.Create), Is.EqualTo(1), "that of the sign-in");
    }

    [Test]
    public async Task A_visitor_whose_session_cannot_be_stored_gets_503()
    {
        await using var app = await StartAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("POST", "/cart?item=tea");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task Signing_in_carries_the_visitors_values_into_a_new_session()
    {
        await using var app = await StartAsync();
        using var visitor = await app.SendAsync("POST", "/cart?item=tea");

        using var user = await app.SendAsync("POST", "/login", visitor.Token());

        Assert.That(user.Token().Id, Is.Not.EqualTo(visitor.Token().Id));
        Assert.That(await app.GetAsync("/cart", user.Token()), Is.EqualTo("ann tea"));
    }

    [Test]
    public async Task A_visitors_token_that_was_planted_opens_nothing_after_the_sign_in()
    {
        await using var app = await StartAsync();
        using var planted = await app.SendAsync("GET", "/start");

        using var victim = await app.SendAsync("POST", "/login", planted.Token());

        Assert.That(await app.GetAsync("/cart", planted.Token()), Is.EqualTo("stranger"));
        Assert.That(await app.GetAsync("/cart", victim.Token()), Does.StartWith("ann"));
    }

    [TestCase(true, 1)]
    [TestCase(false, 2)]
    public async Task An_exclusive_sign_in_ends_the_users_other_sessions(bool exclusive, int left)
    {
        await using var app = await StartAsync();
        await app.SignInAsync();

        using var response = await app.SendAsync("POST", $"/login?exclusive={exclusive}");

        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(left));
        Assert.That(await app.GetAsync("/cart", response.Token()), Does.StartWith("ann"));
    }

    [Test]
    public async Task Signing_out_drops_everything()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync(init: new SessionInit { Values = SessionValues.Empty.Set("cart", "tea") });

        using var response = await app.SendAsync("POST", "/logout?keep=false", ann.Token);

        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.GetAsync("/cart", ann.Token), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task Signing_out_can_leave_the_values_with_a_visitor_whom_the_old_cookie_does_not_open()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync(init: new SessionInit { Values = SessionValues.Empty.Set("cart", "tea") });

        using var response = await app.SendAsync("POST", "/logout?keep=true", ann.Token);

        Assert.That(await app.GetAsync("/cart", response.Token()), Is.EqualTo("visitor tea"));
        Assert.That(await app.GetAsync("/cart", ann.Token), Is.EqualTo("stranger"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? options = null) =>
        SessionApp.StartAsync(
            app =>
            {
                var open = app.MapGroup("").PublicSession();
                open.MapGet("/start", async (HttpContext http) => (await http.StartVisitorSessionAsync())?.Id.ToString() ?? "none");
                open.MapPost(
                    "/login",
                    async (HttpContext http, bool exclusive = false) =>
                        (await http.InitSessionAsync("ann", new SessionInit { Exclusive = exclusive })).UserKey
                );
                open.MapPost("/logout", (HttpContext http, bool keep) => http.LogOutSessionAsync(keep));
                open.MapPost("/cart", (HttpContext http, string item) => http.SetSessionValueAsync("cart", item));
                open.MapGet(
                    "/cart",
                    (HttpContext http) =>
                        http.GetSession() is { } session
                            ? $"{session.UserKey ?? "visitor"} {session.Values.GetValueOrDefault("cart")}".TrimEnd()
                            : "stranger"
                );
            },
            options
        );
}
