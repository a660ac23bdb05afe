using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>
/// The table of the pipeline's order in docs/http.md, row by row: first what stands before it, here what stands behind it.
/// </summary>
public sealed partial class PipelineOrderTests
{
    [TestCase(true, "200 429 200")]
    [TestCase(false, "200 429 429")]
    public async Task A_rate_limiter_behind_it_can_count_by_session(bool behind, string answers)
    {
        await using var app = await LimitedAsync(behind, static context => SessionOf(context)?.Id.ToString() ?? "anybody");
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        Assert.That(await StatusesAsync(app, ann.Token, ann.Token, bob.Token), Is.EqualTo(answers));
    }

    [TestCase(true, "401 401 200")]
    [TestCase(false, "401 429 429")]
    public async Task A_refused_request_takes_no_permit_of_a_later_rate_limiter(bool behind, string answers)
    {
        await using var app = await LimitedAsync(behind, static _ => "all");
        var ann = await app.SignInAsync();

        Assert.That(await StatusesAsync(app, null, null, ann.Token), Is.EqualTo(answers));
    }

    [TestCase(true, "ann")]
    [TestCase(false, null)]
    public async Task What_logs_behind_it_knows_the_session(bool behind, string? logged)
    {
        string? seen = null;
        await using var app = await SessionApp.StartAsync(app =>
        {
            app.UseRouting();
            _ = behind ? Logged(app.UseSessionUp()) : Logged(app).UseSessionUp();
            app.MapGet("/", () => "in").RequireSession();
        });
        var ann = await app.SignInAsync();

        await app.GetAsync("/", ann.Token);

        Assert.That(seen, Is.EqualTo(logged));

        IApplicationBuilder Logged(IApplicationBuilder app) =>
            app.Use(
                (context, next) =>
                {
                    seen = SessionOf(context)?.UserKey;
                    return next(context);
                }
            );
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Before_or_after_the_output_cache_no_response_is_served_to_another_session(bool before)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                if (before)
                {
                    app.UseSessionUp().UseOutputCache();
                }
                else
                {
                    app.UseOutputCache().UseSessionUp();
                }

                app.MapGet("/", (HttpContext http) => http.GetSession()?.UserKey ?? "stranger").PublicSession().CacheOutput();
            },
            services: services => services.AddOutputCache()
        );
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        var answers = new[] { await app.GetAsync("/", ann.Token), await app.GetAsync("/"), await app.GetAsync("/", bob.Token) };

        Assert.That(string.Join(' ', answers), Is.EqualTo("ann stranger bob"));
    }

    [TestCase(true, 200)]
    [TestCase(false, 401)]
    public async Task A_policy_of_an_authorization_behind_it_can_go_by_the_session(bool behind, int status)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                _ = behind ? app.UseSessionUp().UseAuthorization() : app.UseAuthorization().UseSessionUp();
                app.MapGet("/", () => "in").RequireSession().RequireAuthorization("with-a-session");
            },
            services: services =>
            {
                services
                    .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddCookie(cookie => cookie.Events.OnRedirectToLogin = context => Task.FromResult(context.Response.StatusCode = 401));
                services
                    .AddAuthorizationBuilder()
                    .AddPolicy(
                        "with-a-session",
                        policy => policy.RequireAssertion(context => SessionOf((HttpContext)context.Resource!)?.UserKey == "ann")
                    );
            }
        );
        var ann = await app.SignInAsync();

        Assert.That(await StatusesAsync(app, ann.Token), Is.EqualTo($"{status}"));
    }

    /// <summary>The session of the request; null: there is none, or nobody has looked yet.</summary>
    private static Session? SessionOf(HttpContext context) => context.Features.Get<ISessionUpFeature>()?.GetAuthResult()?.Session;

    private static Task<SessionApp> LimitedAsync(bool behind, Func<HttpContext, string> partition) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                _ = behind ? app.UseSessionUp().UseRateLimiter() : app.UseRateLimiter().UseSessionUp();
                app.MapGet("/", () => "in").RequireSession().RequireRateLimiting("one");
            },
            services: services =>
                services.AddRateLimiter(limiter =>
                {
                    limiter.RejectionStatusCode = 429;
                    limiter.AddPolicy(
                        "one",
                        context =>
                            RateLimitPartition.GetFixedWindowLimiter(
                                partition(context),
                                static _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) }
                            )
                    );
                })
        );

    private static async Task<string> StatusesAsync(SessionApp app, params SessionToken?[] tokens)
    {
        var statuses = new List<int>();
        foreach (var token in tokens)
        {
            using var response = await app.SendAsync("GET", "/", token);
            statuses.Add((int)response.StatusCode);
        }

        return string.Join(' ', statuses);
    }
}
