using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

/// <summary>What a sign-in or sign-out keeps, and what a failed one costs.</summary>
public sealed class SignInAgainTests
{
    private static readonly SessionInit s_withCart = new() { Values = SessionValues.Empty.Set("cart", "tea").Set("theme", "dark") };

    [TestCase("ann", true, "tea")]
    [TestCase("ann", false, null)]
    [TestCase("bob", true, null)]
    public async Task The_same_user_keeps_the_values_unless_told_otherwise(string user, bool copy, string? cart)
    {
        await using var app = await StartAsync();
        var held = await app.SignInAsync(init: s_withCart);

        using var response = await app.SendAsync("POST", $"/login?user={user}&copy={copy}", held.Token);

        var session = (await app.Administration.FetchAllAsync(user)).Single();
        Assert.That(session.Values.GetValueOrDefault("cart"), Is.EqualTo(cart));
        Assert.That(session.Values["theme"], Is.EqualTo("light"), "What the call sets wins.");
    }

    [Test]
    public async Task A_token_too_old_to_open_the_session_takes_none_of_its_values()
    {
        await using var app = await StartAsync();
        var old = await app.SignInAsync(init: s_withCart);
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var rotated = await app.SendAsync("GET", "/", old.Token);
        await app.GetAsync("/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.GetAsync("/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(11));

        using var login = await app.SendAsync("POST", "/login?user=ann", old.Token);

        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Values.ContainsKey("cart"), Is.False);
    }

    [Test]
    public async Task Logging_out_does_nothing_to_a_visitor()
    {
        await using var app = await StartAsync();
        var visitor = await app.Manager.StartVisitorAsync(s_withCart);

        using var response = await app.SendAsync("POST", "/logout", visitor.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("false"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await app.GetAsync("/", visitor.Token), Is.EqualTo("visitor tea"));
        Assert.That(await app.Manager.LogOutAsync(visitor.Session, keepValues: false), Is.Null);
        Assert.That(await app.GetAsync("/", visitor.Token), Is.EqualTo("visitor tea"));
    }

    [Test]
    public async Task A_log_out_whose_visitors_session_cannot_be_stored_changes_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync(init: s_withCart);
        app.Store.Fail(StoreOperations.Create);

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann tea"));
    }

    [Test]
    public async Task A_log_out_leaves_more_values_to_the_visitor_than_a_visitor_may_set()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync(init: new SessionInit { Values = SessionValues.Empty.Set("cart", new string('x', 10_000)) });

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That((await app.GetAsync("/", response.Token())).Length, Is.EqualTo("visitor ".Length + 10_000));
        using var more = await app.SendAsync("POST", "/cart?item=tea", response.Token());
        Assert.That(await more.TextAsync(), Is.EqualTo("true"), "It is smaller now.");
    }

    [Test]
    public async Task A_sign_in_that_the_store_fails_costs_neither_the_cart_nor_the_session()
    {
        await using var app = await StartAsync();
        var visitor = await app.Manager.StartVisitorAsync(s_withCart);
        var ann = await app.SignInAsync();
        app.Store.Fail(StoreOperations.Create);

        foreach (var token in new[] { visitor.Token, ann.Token })
        {
            using var response = await app.SendAsync("POST", "/login?user=ann", token);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.SetCookies(), Is.Empty);
        }

        Assert.That(await app.GetAsync("/", visitor.Token), Is.EqualTo("visitor tea"));
        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_sign_in_that_the_limit_refuses_costs_nothing()
    {
        await using var app = await StartAsync(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        var other = await app.SignInAsync();
        var visitor = await app.Manager.StartVisitorAsync(s_withCart);

        Assert.That(async () => await app.SendAsync("POST", "/login?user=ann", visitor.Token), Throws.InstanceOf<SessionLimitException>());

        Assert.That(await app.GetAsync("/", visitor.Token), Is.EqualTo("visitor tea"));
        Assert.That(await app.GetAsync("/", other.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task An_exclusive_sign_in_is_not_refused_for_the_sessions_that_it_ends()
    {
        await using var app = await StartAsync(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        var other = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/login?user=ann&exclusive=true");

        Assert.That(await app.GetAsync("/", response.Token()), Does.StartWith("ann"));
        Assert.That(await app.GetAsync("/", other.Token), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task The_loaded_user_is_there_right_after_the_sign_in()
    {
        await using var app = await StartAsync(load: session => session.UserKey!.ToUpperInvariant());

        using var response = await app.SendAsync("POST", "/login-and-greet");

        Assert.That(await response.TextAsync(), Is.EqualTo("ANN"));
    }

    [Test]
    public async Task A_user_who_cannot_be_loaded_costs_no_sign_in()
    {
        await using var app = await StartAsync(load: _ => throw new InvalidOperationException());

        using var response = await app.SendAsync("POST", "/login-and-greet");

        Assert.That(await response.TextAsync(), Is.EqualTo("not loaded"));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(response.Token().Id));
    }

    private static Task<SessionApp> StartAsync(Action<SessionUpOptions>? options = null, Func<Session, string>? load = null) =>
        SessionApp.StartAsync(
            app =>
            {
                var open = app.MapGroup("").PublicSession();
                app.MapPost(
                    "/login",
                    async (HttpContext http, string user, bool copy = true, bool exclusive = false) =>
                        (
                            await http.InitSessionAsync(
                                user,
                                new SessionInit
                                {
                                    CopyValues = copy,
                                    Exclusive = exclusive,
                                    Values = SessionValues.Empty.Set("theme", "light"),
                                }
                            )
                        ).UserKey
                );
                app.MapPost(
                    "/login-and-greet",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                        return http.GetSessionUser<string>() ?? "not loaded";
                    }
                );
                open.MapPost("/logout", (HttpContext http) => http.LogOutSessionAsync(keepValues: true));
                open.MapPost("/cart", (HttpContext http, string item) => http.SetSessionValueAsync("cart", item));
                open.MapGet(
                    "/",
                    (HttpContext http) =>
                        http.GetSession() is { } session
                            ? $"{session.UserKey ?? "visitor"} {session.Values.GetValueOrDefault("cart")}".TrimEnd()
                            : "stranger"
                );
            },
            options: options,
            services: services =>
            {
                if (load is not null)
                {
                    services.AddSessionUp().LoadUser<string>((session, _, _) => new(load(session)));
                }
            }
        );
}
