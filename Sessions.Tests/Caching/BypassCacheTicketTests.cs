using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Caching;

/// <summary>Sessions that came in by the cookie of ASP.NET Core's cookie authentication.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class BypassCacheTicketTests(bool endpointIsKnown)
{
    [Test]
    public async Task A_ticket_is_cached_like_any_session()
    {
        await using var app = await StartAsync();
        var cookie = await SignInCachedAsync(app);

        using var response = await GetAsync(app, "/remembering", cookie);

        Assert.That((response.StatusCode, app.StoreCalls), Is.EqualTo((HttpStatusCode.OK, 0)));
    }

    [TestCase("/authoritative")]
    [TestCase("/sessions/current")]
    public async Task A_ticket_that_is_cached_and_gone_is_refused_where_the_cache_is_bypassed(string path)
    {
        await using var app = await StartAsync();
        var cookie = await SignInCachedAsync(app);
        await app.Store.DeleteAllAsync("ann", except: null, CancellationToken.None);

        using var remembering = await GetAsync(app, "/remembering", cookie);
        using var response = await GetAsync(app, path, cookie);

        Assert.That((remembering.StatusCode, response.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task A_ticket_that_lives_costs_one_question_there()
    {
        await using var app = await StartAsync();
        var cookie = await SignInCachedAsync(app);

        using var response = await GetAsync(app, "/authoritative", cookie);

        Assert.That((await response.TextAsync(), app.StoreCalls), Is.EqualTo(("ann", 1)));
    }

    [Test]
    public async Task A_renewed_ticket_writes_back_nothing_that_was_only_cached()
    {
        await using var app = await StartAsync();
        var cookie = await SignInCachedAsync(app);
        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        var proved = session.CreatedAt + TimeSpan.FromMinutes(1);
        var patch = new SessionPatch
        {
            Reauthentication = new Reauthentication
            {
                At = proved,
                Method = "otp",
                ExpiresAt = session.ExpiresAt,
                EndsAt = session.EndsAt,
            },
        };
        await app.Store.UpdateAsync(session.Id, patch, CancellationToken.None);

        using var response = await GetAsync(app, "/renew", cookie);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var renewed = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That((renewed.AuthenticatedAt, renewed.AuthenticationMethod), Is.EqualTo((proved, "otp")));
    }

    private static async Task<string> SignInCachedAsync(SessionApp app)
    {
        using var signedIn = await app.SendAsync("POST", "/sign-in");
        var cookie = signedIn.SetCookies().Single();
        var text = $"{cookie.Name}={cookie.Value}";
        using var response = await GetAsync(app, "/remembering", text);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        app.ResetStoreCalls();
        return text;
    }

    private static Task<HttpResponseMessage> GetAsync(SessionApp app, string path, string cookie) =>
        app.SendAsync("GET", path, null, ("Cookie", cookie));

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication();
                if (!endpointIsKnown)
                {
                    app.UseRouting();
                }

                app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(CreatePrincipal()));
                app.MapGet("/renew", (HttpContext http) => http.SignInAsync(CreatePrincipal())).RequireSession();
                app.MapGet("/remembering", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
                app.MapGet("/authoritative", (HttpContext http) => http.GetSession()!.UserKey).RequireSession(bypassCache: true);
                app.MapSessions("/sessions");
            },
            options: o => o.Cache = new(),
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
                services.AddSessionUp().AddTicketStore();
            },
            hasFeed: false
        );

    private static ClaimsPrincipal CreatePrincipal() => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ann")], "test"));
}
