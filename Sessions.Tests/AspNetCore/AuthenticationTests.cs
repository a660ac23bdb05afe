using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class AuthenticationTests
{
    [Test]
    public async Task Authorize_admits_the_user_of_a_session_with_the_claims()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync("ann", new SessionInit { AuthenticationMethod = "otp" });

        var said = await app.GetAsync("/", ann.Token);

        Assert.That(
            said.Split(' '),
            Is.EqualTo($"ann ann {ann.Session.Id} otp {ann.Session.CreatedAt.ToUnixTimeSeconds()} SessionUp".Split(' '))
        );
    }

    [Test]
    public async Task A_request_without_a_session_is_challenged_as_by_the_filter()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/");

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task A_browser_is_led_to_the_login_page()
    {
        await using var app = await StartAsync(h => h.LoginPath = "/login");

        using var response = await app.SendAsync("GET", "/", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.Header("Location"), Is.EqualTo("/login?returnUrl=%2F"));
    }

    [Test]
    public async Task A_store_that_fails_is_503_and_not_401()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("GET", "/", ann.Token);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
    }

    [Test]
    public async Task A_foreign_origin_is_403()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task What_a_policy_forbids_is_403()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", "/admin", ann.Token);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task Filters_and_the_scheme_share_one_verdict()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/both", ann.Token), Is.EqualTo("ann ann"));
        Assert.That(app.StoreCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task An_authorized_response_is_private_and_one_without_authorization_is_unchanged()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var authorized = await app.SendAsync("GET", "/", ann.Token);
        using var open = await app.SendAsync("GET", "/open", ann.Token);

        Assert.That(authorized.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(open.Header("Cache-Control"), Is.EqualTo("public, max-age=600"));
        Assert.That(open.Header("Vary"), Is.Null);
    }

    [Test]
    public async Task Schemes_of_two_names_stand_side_by_side()
    {
        await using var app = await StartAsync();
        using var login = await app.SendAsync("POST", "/admin/login");

        using var response = await app.SendAsync("GET", "/named", null, ("Cookie", $"__Host-sid-admin={login.Token().Reveal()}"));

        Assert.That(await response.TextAsync(), Is.EqualTo("root SessionUp-admin"));
    }

    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication().UseAuthorization();
                app.MapMethods("/", ["GET", "POST"], (ClaimsPrincipal user) => Describe(user)).RequireAuthorization();
                app.MapGet("/admin", () => "in").RequireAuthorization(policy => policy.RequireRole("admin"));
                app.MapGet("/both", (HttpContext http) => $"{http.GetSession()!.UserKey} {http.User.Identity!.Name}")
                    .RequireAuthorization()
                    .RequireSession();
                app.MapGet("/open", (HttpContext http) => http.Response.Headers.CacheControl = "public, max-age=600");
                app.MapPost(
                    "/admin/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("root", name: "admin");
                    }
                );
                app.MapGet("/named", (ClaimsPrincipal user) => $"{user.Identity!.Name} {user.Identity.AuthenticationType}")
                    .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "SessionUp-admin" });
            },
            http,
            services: services =>
            {
                services.AddSessionUp("admin").UseMemory();
                services.AddAuthentication(SessionAuthenticationOptions.DefaultScheme).AddSessionUp().AddSessionUp("admin");
                services.AddAuthorization();
            }
        );

    private static string Describe(ClaimsPrincipal user) =>
        string.Join(
            ' ',
            user.Identity!.Name,
            user.FindFirstValue(ClaimTypes.NameIdentifier),
            user.FindFirstValue(SessionClaims.SessionId),
            user.FindFirstValue(SessionClaims.AuthenticationMethod),
            user.FindFirstValue(SessionClaims.AuthenticatedAt),
            user.Identity.AuthenticationType
        );
}
