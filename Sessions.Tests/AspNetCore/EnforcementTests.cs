using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Whichever way an application asks for the session, the same follows from a request that is accepted.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class EnforcementTests(bool isRoutingFirst)
{
    /// <summary>Requirements of an endpoint without a policy of a name (.NET 8).</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SignedInAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new DenyAnonymousAuthorizationRequirement()];
    }

    private static readonly string[] Ways =
    [
        "/filter",
        "/public",
        "/attribute",
        "/authorize",
        "/policy",
        "/fallback",
        "/requirement",
        "/user",
        "/claims",
        "/role",
        "/authenticate",
        "/feature",
        "/verb",
        "/middleware",
    ];

    [Test]
    public async Task A_session_that_is_used_every_minute_stays_signed_in([ValueSource(nameof(Ways))] string path)
    {
        await using var app = await StartAsync(o => o.IdleTimeout = TimeSpan.FromMinutes(10));
        var ann = await app.SignInAsync();
        for (var minute = 0; minute < 25; minute++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.That(await app.GetAsync(path, ann.Token), Is.EqualTo("ann"), $"{minute} minutes after the sign-in");
        }
    }

    [Test]
    public async Task A_token_is_rotated_and_the_new_one_confirmed([ValueSource(nameof(Ways))] string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));

        using var rotating = await app.SendAsync("GET", path, ann.Token);
        var next = rotating.Token();
        await app.GetAsync(path, next);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.GetAsync(path, next);

        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Credential.ConfirmedAt, Is.EqualTo(app.Clock.UtcNow));
    }

    [Test]
    public async Task What_is_made_for_a_session_is_kept_from_shared_caches([ValueSource(nameof(Ways))] string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", path, ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("ann"));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task A_response_for_which_no_code_reads_the_session_stays_as_it_is()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", "/none", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("hello"));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("public, max-age=60"));
    }

    [TestCase("/poll")]
    [TestCase("/authorized-poll")]
    public async Task What_a_page_does_by_itself_keeps_no_session_alive(string path)
    {
        await using var app = await StartAsync(o => o.IdleTimeout = TimeSpan.FromMinutes(10));
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(9));

        Assert.That(await app.GetAsync(path, ann.Token), Is.EqualTo("ann"));

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var late = await app.SendAsync("GET", path, ann.Token);
        Assert.That((int)late.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task A_prefetch_is_answered_and_is_no_use([ValueSource(nameof(Ways))] string path)
    {
        await using var app = await StartAsync(o => o.IdleTimeout = TimeSpan.FromMinutes(10));
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(9));

        using var prefetched = await app.SendAsync("GET", path, ann.Token, ("Sec-Purpose", "prefetch;prerender"));

        Assert.That(await prefetched.TextAsync(), Is.EqualTo("ann"));
        await app.Manager.Authenticator.FlushAsync();
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().LastSeenAt, Is.EqualTo(ann.Session.LastSeenAt));
    }

    [Test]
    public async Task An_endpoint_that_lets_foreign_origins_in_does_so_wherever_the_request_is_authenticated()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var let = await app.SendAsync("POST", "/callback", ann.Token, ("Sec-Fetch-Site", "cross-site"));
        using var refused = await app.SendAsync("POST", "/filter", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(((int)let.StatusCode, (int)refused.StatusCode), Is.EqualTo((200, 403)));
    }

    private Task<SessionApp> StartAsync(Action<SessionUpOptions>? options = null) =>
        SessionApp.StartAsync(
            app =>
            {
                if (isRoutingFirst)
                {
                    app.UseRouting().UseAuthentication();
                }
                else
                {
                    app.UseAuthentication().UseRouting();
                }

                app.UseAuthorization();
                app.Use(
                    (context, next) =>
                        context.Request.Path == "/middleware" ? SayAsync(context, context.User.Identity!.Name) : next(context)
                );
                app.MapMethods("/filter", ["GET", "POST"], (HttpContext http) => SayAsync(http, http.GetSession()!.UserKey))
                    .RequireSession()
                    .AllowAnonymous();
                app.MapGet("/public", (HttpContext http) => SayAsync(http, "ann")).PublicSession().AllowAnonymous();
                app.MapGet("/attribute", [RequireSession, AllowAnonymous] (HttpContext http) => SayAsync(http, "ann")).PublicSession();
                app.MapPost("/callback", (HttpContext http) => SayAsync(http, "ann"))
                    .RequireSession()
                    .AllowAnonymous()
                    .AllowCrossOriginSession();
                app.MapGet("/poll", (HttpContext http) => SayAsync(http, "ann")).RequireSession(slide: false).AllowAnonymous();
                app.MapGet("/authorized-poll", (HttpContext http) => SayAsync(http, "ann"))
                    .RequireAuthorization()
                    .PublicSession(slide: false);
                app.MapGet("/authorize", [Authorize] (HttpContext http) => SayAsync(http, "ann"));
                app.MapGet("/policy", (HttpContext http) => SayAsync(http, "ann")).RequireAuthorization("keyed");
                app.MapGet("/fallback", (HttpContext http) => SayAsync(http, "ann"));
                app.MapGet("/requirement", [SignedIn] (HttpContext http) => SayAsync(http, "ann"));
                app.MapGet("/user", [AllowAnonymous] (HttpContext http) => SayAsync(http, http.User.Identity!.Name));
                app.MapGet(
                    "/claims",
                    [AllowAnonymous]
                    (ClaimsPrincipal user, HttpContext http) => SayAsync(http, user.FindFirstValue(ClaimTypes.NameIdentifier))
                );
                app.MapGet("/role", [AllowAnonymous] (HttpContext http) => SayAsync(http, http.User.IsInRole("admin") ? "root" : "ann"));
                app.MapGet(
                    "/authenticate",
                    [AllowAnonymous]
                    async (HttpContext http) => await SayAsync(http, (await http.AuthenticateAsync()).Principal!.Claims.First().Value)
                );
                app.MapGet(
                    "/feature",
                    [AllowAnonymous]
                    (HttpContext http) => SayAsync(http, http.Features.Get<ISessionUpFeature>()!.GetAuthResult()!.Value.Session!.UserKey)
                );
                app.MapGet(
                    "/verb",
                    [AllowAnonymous]
                    async (HttpContext http) => await SayAsync(http, (await http.StartVisitorSessionAsync())!.UserKey)
                );
                app.MapGet("/none", [AllowAnonymous] (HttpContext http) => SayAsync(http, "hello"));
            },
            options: options,
            services: services =>
            {
                services.AddAuthentication(SessionAuthenticationOptions.DefaultScheme).AddSessionUp();
                services
                    .AddAuthorizationBuilder()
                    .AddPolicy("keyed", policy => policy.RequireClaim(ClaimTypes.NameIdentifier))
                    .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                services.AddHttpContextAccessor();
            }
        );

    private static Task SayAsync(HttpContext http, string? text)
    {
        http.Response.Headers.CacheControl = "public, max-age=60";
        return http.Response.WriteAsync(text ?? "stranger");
    }
}
