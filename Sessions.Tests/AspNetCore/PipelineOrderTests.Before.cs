using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <content>What stands before it.</content>
public sealed partial class PipelineOrderTests
{
    [TestCase(true, "203.0.113.7")]
    [TestCase(false, "198.51.100.1")]
    public async Task Behind_the_forwarded_headers_a_session_is_used_from_the_address_of_its_client(bool behind, string recorded)
    {
        await using var app = await ProxiedAsync(behind);
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await app.SendAsync("GET", "/", ann.Token, ("X-Forwarded-For", "203.0.113.7"));
        await app.Manager.Authenticator.FlushAsync();

        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(session.LastClient.IPAddress, Is.EqualTo(IPAddress.Parse(recorded)));
    }

    [TestCase(true, 200)]
    [TestCase(false, 403)]
    public async Task Behind_the_forwarded_headers_the_own_page_is_no_foreign_origin(bool behind, int status)
    {
        await using var app = await ProxiedAsync(behind);
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "POST",
            "/",
            ann.Token,
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Host", "shop.example.com"),
            ("Origin", "https://shop.example.com")
        );

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase(true, "sorry")]
    [TestCase(false, "The mailer is down.")]
    public async Task Behind_the_exception_handler_a_refusal_that_throws_gets_its_answer(bool behind, string answer)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                _ = behind ? UseExceptionHandler(app).UseSessionUp() : UseExceptionHandler(app.UseSessionUp());
                app.MapGet("/", () => "in").RequireSession();
            },
            http => http.OnRejected = _ => throw new InvalidOperationException("The mailer is down.")
        );

        Assert.That(await ReadAsync(app), Is.EqualTo(answer));

        static IApplicationBuilder UseExceptionHandler(IApplicationBuilder app) =>
            app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry")));

        static async Task<string> ReadAsync(SessionApp app)
        {
            try
            {
                return await app.GetAsync("/");
            }
            catch (InvalidOperationException unhandled)
            {
                return unhandled.Message;
            }
        }
    }

    [TestCase(true, "ann")]
    [TestCase(false, null)]
    public async Task Behind_routing_it_knows_the_filters_of_the_endpoint(bool behind, string? found)
    {
        string? seen = null;
        await using var app = await SessionApp.StartAsync(app =>
        {
            _ = behind ? app.UseRouting().UseSessionUp() : app.UseSessionUp().UseRouting();
            app.Use(
                (context, next) =>
                {
                    seen = SessionOf(context)?.UserKey;
                    return next(context);
                }
            );
            app.MapGet("/", () => "in").RequireSession();
        });
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("in"), "The endpoint's own filter looks either way.");
        Assert.That(seen, Is.EqualTo(found));
    }

    [TestCase(true, "*")]
    [TestCase(false, null)]
    public async Task Behind_CORS_a_refusal_can_be_read_by_the_calling_page(bool behind, string? allowed)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                _ = behind ? app.UseCors().UseSessionUp() : app.UseSessionUp().UseCors();
                app.MapGet("/", () => "in").RequireSession().RequireCors(policy => policy.AllowAnyOrigin());
            },
            services: services => services.AddCors()
        );

        using var response = await app.SendAsync("GET", "/", null, ("Origin", "https://app.example.com"));

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo(allowed));
    }

    [TestCase(true, "ann")]
    [TestCase(false, "401")]
    public async Task Behind_authentication_it_knows_the_sessions_of_tickets(bool behind, string answer)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                _ = behind ? app.UseAuthentication().UseSessionUp() : app.UseSessionUp().UseAuthentication();
                app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(CreatePrincipal()));
                app.MapGet("/", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
            },
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services.AddAuthentication().AddCookie();
                services.AddSessionUp().AddTicketStore();
            }
        );
        using var signedIn = await app.SendAsync("POST", "/sign-in");
        var cookie = signedIn.SetCookies().Single();

        using var response = await app.SendAsync("GET", "/", null, ("Cookie", $"{cookie.Name}={cookie.Value}"));

        Assert.That(response.IsSuccessStatusCode ? await response.TextAsync() : $"{(int)response.StatusCode}", Is.EqualTo(answer));

        static ClaimsPrincipal CreatePrincipal() => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ann")], "test"));
    }

    /// <summary>Behind a proxy at 198.51.100.1.</summary>
    private static Task<SessionApp> ProxiedAsync(bool behind) =>
        SessionApp.StartAsync(app =>
        {
            app.Use(
                (context, next) =>
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse("198.51.100.1");
                    return next(context);
                }
            );
            app.UseRouting();
            var forwarded = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost,
            };
            forwarded.KnownProxies.Add(IPAddress.Parse("198.51.100.1"));
            _ = behind ? app.UseForwardedHeaders(forwarded).UseSessionUp() : app.UseSessionUp().UseForwardedHeaders(forwarded);
            app.MapMethods("/", ["GET", "POST"], () => "in").RequireSession();
        });
}
