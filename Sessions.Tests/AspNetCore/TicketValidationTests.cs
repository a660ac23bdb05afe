using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Cookie authentication decides whom it lets in; sessions follow it.</summary>
public sealed class TicketValidationTests
{
    [Test]
    public async Task A_principal_that_the_application_rejects_has_no_session_either()
    {
        await using var app = await StartAsync(cookie =>
            cookie.Events.OnValidatePrincipal = context =>
            {
                context.RejectPrincipal();
                return Task.CompletedTask;
            }
        );
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("401"));
    }

    [Test]
    public async Task A_user_whom_the_application_signs_out_while_it_validates_has_no_session()
    {
        await using var app = await StartAsync(cookie =>
            cookie.Events.OnValidatePrincipal = async context =>
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            }
        );
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("401"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task Events_that_come_from_the_container_have_their_say_too()
    {
        await using var app = await StartAsync(
            cookie => cookie.EventsType = typeof(RejectingEvents),
            services => services.AddScoped<RejectingEvents>()
        );
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("401"));
    }

    [Test]
    public async Task The_applications_own_events_still_happen()
    {
        var seen = new List<string>();
        await using var app = await StartAsync(cookie =>
        {
            cookie.Events.OnSignedIn = _ => Note("signed in");
            cookie.Events.OnValidatePrincipal = _ => Note("validated");
            cookie.Events.OnSigningOut = _ => Note("signing out");
            cookie.Events.OnRedirectToLogin = context =>
            {
                context.Response.StatusCode = 401;
                return Note("to login");
            };
        });
        var cookie = await SignInAsync(app);
        await GetAsync(app, "/sign-out", cookie);
        await GetAsync(app, "/me", cookie);

        Assert.That(seen, Is.EqualTo(["signed in", "validated", "signing out", "to login"]));

        Task Note(string what)
        {
            seen.Add(what);
            return Task.CompletedTask;
        }
    }

    [Test]
    public async Task Signing_a_rejected_user_out_leaves_the_cookie_of_other_sessions_alone()
    {
        await using var app = await StartAsync(cookie =>
            cookie.Events.OnValidatePrincipal = async context =>
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            }
        );
        var cookie = await SignInAsync(app);
        var bob = await app.SignInAsync("bob");

        using var response = await app.SendAsync("GET", "/session", null, ("Cookie", $"{cookie}; __Host-sid={bob.Token.Reveal()}"));

        Assert.That(await response.TextAsync(), Is.EqualTo("bob"));
        Assert.That(response.SetCookies().Select(set => set.Name.Value), Has.None.EqualTo("__Host-sid"));
    }

    [Test]
    public async Task A_bound_session_is_compared_with_the_client_of_the_request()
    {
        await using var app = await StartAsync(options: o => o.Binding.UserAgent = ClientBindingUserAgentMode.Exact);
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("ann"));
        Assert.That(await GetAsync(app, "/session", cookie, "another/1.0"), Is.EqualTo("401"));
    }

    [Test]
    public async Task Being_authorized_counts_as_use()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        await GetAsync(app, "/me", cookie);

        await app.Manager.Authenticator.FlushAsync();
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().LastSeenAt, Is.EqualTo(app.Clock.UtcNow));
    }

    [Test]
    public async Task The_token_in_anothers_cookie_is_not_replaced()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/rotate", cookie), Does.Contain("SignInAsync"));
        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("ann"));
    }

    [Test]
    public async Task No_cache_stores_what_an_authorized_ticket_is_answered()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);

        using var response = await app.SendAsync("GET", "/me", null, ("Cookie", cookie));

        Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task The_user_of_a_ticket_is_loaded_as_any_other()
    {
        await using var app = await StartAsync(more: services =>
            services.AddSessionUp().LoadUser<string>((session, _, _) => new($"loaded {session.UserKey}"))
        );
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/user", cookie), Is.EqualTo("loaded ann"));
    }

    [Test]
    public async Task A_session_that_begins_on_a_request_with_a_ticket_ends_the_session_of_the_ticket()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app);

        Assert.That(await GetAsync(app, "/become-bob", cookie), Is.EqualTo("bob"));

        Assert.That(await GetAsync(app, "/session", cookie), Is.EqualTo("401"));
    }

    private sealed class RejectingEvents : CookieAuthenticationEvents
    {
        public override Task ValidatePrincipal(CookieValidatePrincipalContext context)
        {
            context.RejectPrincipal();
            return Task.CompletedTask;
        }
    }

    private static async Task<string> SignInAsync(SessionApp app)
    {
        using var response = await app.SendAsync("POST", "/sign-in", null, ("User-Agent", "curl/8.5.0"));
        var cookie = response.SetCookies().Single();
        return $"{cookie.Name}={cookie.Value}";
    }

    private static async Task<string> GetAsync(SessionApp app, string path, string cookie, string agent = "curl/8.5.0")
    {
        using var response = await app.SendAsync("GET", path, null, ("Cookie", cookie), ("User-Agent", agent));
        return response.IsSuccessStatusCode ? await response.TextAsync() : $"{(int)response.StatusCode}";
    }

    private static Task<SessionApp> StartAsync(
        Action<CookieAuthenticationOptions>? cookie = null,
        Action<IServiceCollection>? more = null,
        Action<SessionUpOptions>? options = null
    ) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication().UseAuthorization();
                app.MapPost(
                    "/sign-in",
                    (HttpContext http) =>
                        http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ann")], "test")))
                );
                app.MapGet("/sign-out", (HttpContext http) => http.SignOutAsync());
                app.MapGet("/me", () => "in").RequireAuthorization();
                app.MapGet("/session", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
                app.MapGet("/user", (HttpContext http) => http.GetSessionUser<string>()).RequireSession();
                app.MapGet("/become-bob", async (HttpContext http) => (await http.InitSessionAsync("bob")).UserKey).RequireSession();
                app.MapGet(
                        "/rotate",
                        async (HttpContext http) =>
                        {
                            try
                            {
                                await http.RotateSessionAsync();
                                return "rotated";
                            }
                            catch (InvalidOperationException e)
                            {
                                return e.Message;
                            }
                        }
                    )
                    .RequireSession();
            },
            options: options,
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => cookie?.Invoke(options));
                services.AddAuthorization();
                services.AddSessionUp().AddTicketStore();
                more?.Invoke(services);
            }
        );
}
