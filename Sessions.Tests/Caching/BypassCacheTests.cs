using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Caching;

/// <summary>Endpoints that ask the store itself, whoever else has looked at the session before them.</summary>
[TestFixture(EarlyAuthentication.None)]
[TestFixture(EarlyAuthentication.UseSessionUp)]
[TestFixture(EarlyAuthentication.Authentication)]
[TestFixture(EarlyAuthentication.AuthenticationBeforeRouting)]
public sealed class BypassCacheTests(BypassCacheTests.EarlyAuthentication early)
{
    private readonly List<TokenRejectedContext> _rejections = [];
    private int _loads;

    /// <summary>Who looks at the session before the endpoint's own gate.</summary>
    public enum EarlyAuthentication
    {
        None,
        UseSessionUp,
        Authentication,
        AuthenticationBeforeRouting,
    }

    [SetUp]
    public void Reset()
    {
        _rejections.Clear();
        _loads = 0;
    }

    [TestCase("/convention")]
    [TestCase("/attribute")]
    [TestCase("/sessions")]
    [TestCase("/sessions/current")]
    public async Task A_session_that_is_cached_and_gone_is_refused(string path)
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        await app.Store.DeleteAsync(ann.Session.Id, CancellationToken.None);

        using var response = await app.SendAsync("GET", path, ann.Token);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task A_session_that_was_just_revoked_elsewhere_revokes_no_other()
    {
        await using var app = await StartAsync();
        var (thief, owner) = (await SignInCachedAsync(app), await app.SignInAsync());
        await app.Store.DeleteAsync(thief.Session.Id, CancellationToken.None);

        using var response = await app.SendAsync("DELETE", "/sessions", thief.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await app.GetAsync("/convention", owner.Token), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_public_endpoint_gets_no_session_when_it_is_gone()
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        await app.Store.DeleteAsync(ann.Session.Id, CancellationToken.None);

        Assert.That(await app.GetAsync("/public", ann.Token), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task What_the_store_returned_updates_the_cache_for_other_endpoints()
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        await app.Store.DeleteAsync(ann.Session.Id, CancellationToken.None);
        Assert.That(await app.GetAsync("/remembering", ann.Token), Is.EqualTo("ann"), "It is remembered.");

        await app.GetAsync("/convention", ann.Token);

        using var response = await app.SendAsync("GET", "/remembering", ann.Token);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("/convention")]
    [TestCase("/attribute")]
    [TestCase("/public")]
    [TestCase("/sessions/current")]
    public async Task A_cached_session_costs_one_store_call_and_its_user_is_loaded_once(string path)
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        _loads = 0;

        using var response = await app.SendAsync("GET", path, ann.Token);

        Assert.That(response.IsSuccessStatusCode);
        Assert.That((app.StoreCalls, _loads), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_session_that_is_not_cached_costs_at_most_one_store_call_more()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        await app.GetAsync("/convention", ann.Token);

        Assert.That(app.StoreCalls, Is.EqualTo(early == EarlyAuthentication.AuthenticationBeforeRouting ? 2 : 1));
    }

    [Test]
    public async Task A_refusal_is_final_and_reported_once()
    {
        await using var app = await StartAsync();
        var nobody = SessionToken.Create("ann");

        using var response = await app.SendAsync("GET", "/convention", nobody);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((app.StoreCalls, _rejections.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Each_name_bypasses_the_cache_as_its_filter_says()
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        var root = await app.Services.GetRequiredKeyedService<SessionManager>("admin").InitAsync("root");
        var cookies = $"__Host-sid={ann.Token.Reveal()}; __Host-sid-admin={root.Token.Reveal()}";

        using var response = await app.SendAsync("GET", "/names", null, ("Cookie", cookies));
        await app.Store.DeleteAsync(ann.Session.Id, CancellationToken.None);
        using var gone = await app.SendAsync("GET", "/names", null, ("Cookie", cookies));

        Assert.That(await response.TextAsync(), Is.EqualTo("ann root"));
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_session_rotated_during_the_request_is_not_fetched_with_the_old_token()
    {
        await using var app = await StartAsync(reauthenticates: true);
        var ann = await SignInCachedAsync(app);

        using var response = await app.SendAsync("GET", "/convention", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("ann"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_store_that_is_down_is_503_although_the_session_is_cached()
    {
        await using var app = await StartAsync();
        var ann = await SignInCachedAsync(app);
        app.Store.Fail();

        using var remembering = await app.SendAsync("GET", "/remembering", ann.Token);
        using var response = await app.SendAsync("GET", "/convention", ann.Token);

        Assert.That(remembering.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
    }

    private static async Task<IssuedSession> SignInCachedAsync(SessionApp app)
    {
        var issued = await app.SignInAsync();
        Assert.That(await app.GetAsync("/remembering", issued.Token), Is.EqualTo("ann"));
        app.ResetStoreCalls();
        return issued;
    }

    private Task<SessionApp> StartAsync(bool reauthenticates = false) =>
        SessionApp.StartAsync(
            app =>
            {
                _ = early switch
                {
                    EarlyAuthentication.UseSessionUp => app.UseSessionUp(),
                    EarlyAuthentication.Authentication => app.UseAuthentication(),
                    EarlyAuthentication.AuthenticationBeforeRouting => app.UseAuthentication().UseRouting(),
                    _ => app,
                };
                app.Use(
                    async (context, next) =>
                    {
                        if (reauthenticates && early != EarlyAuthentication.None && context.Request.Path == "/convention")
                        {
                            await context.ReauthenticateAsync("otp");
                        }

                        await next(context);
                    }
                );
                app.MapGet("/remembering", User).RequireSession();
                app.MapGet("/convention", User).RequireSession(bypassCache: true);
                app.MapGet("/attribute", [RequireSession(BypassCache = true)] (HttpContext http) => User(http)).RequireSession();
                app.MapGet("/public", (HttpContext http) => http.GetSession()?.UserKey ?? "stranger").PublicSession(bypassCache: true);
                app.MapGet("/names", (HttpContext http) => $"{User(http)} {http.GetSession("admin")!.UserKey}")
                    .RequireSession("admin")
                    .RequireSession(bypassCache: true);
                app.MapSessions("/sessions");
            },
            options: o =>
            {
                o.Cache = new();
                o.Events.OnTokenRejected = rejected =>
                {
                    _rejections.Add(rejected);
                    return ValueTask.CompletedTask;
                };
            },
            services: services =>
            {
                services.AddSessionUp("admin").UseMemory().UseCache();
                services
                    .AddSessionUp()
                    .LoadUser(
                        (session, _, _) =>
                        {
                            _loads++;
                            return ValueTask.FromResult<string?>(session.UserKey);
                        }
                    );
                services.AddAuthentication(SessionAuthenticationOptions.DefaultScheme).AddSessionUp();
                services.AddRouting();
            },
            hasFeed: false
        );

    private static string? User(HttpContext http) => http.GetSession()!.UserKey;
}
