using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.AspNetCore;

namespace Sessions.Tests.AspNetCore;

/// <summary>The table of the pipeline's order in docs/http.md, row by row.</summary>
public sealed class PipelineOrderTests
{
    [TestCase(true, "200 429 200")]
    [TestCase(false, "200 429 429")]
    public async Task A_rate_limiter_behind_it_can_count_by_session(bool early, string answers)
    {
        await using var app = await LimitedAsync(
            early,
            context => context.Features.Get<ISessionUpFeature>()?.GetVerdict()?.Session?.Id.ToString() ?? "anybody"
        );
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        Assert.That(await StatusesAsync(app, ann.Token, ann.Token, bob.Token), Is.EqualTo(answers));
    }

    [TestCase(true, "401 401 200")]
    [TestCase(false, "401 429 429")]
    public async Task Whoever_is_refused_takes_no_permit_of_a_rate_limiter_behind_it(bool early, string answers)
    {
        await using var app = await LimitedAsync(early, static _ => "all");
        var ann = await app.SignInAsync();

        Assert.That(await StatusesAsync(app, null, null, ann.Token), Is.EqualTo(answers));
    }

    [TestCase(true, "ann")]
    [TestCase(false, null)]
    public async Task What_logs_behind_it_knows_the_session(bool early, string? logged)
    {
        string? seen = null;
        await using var app = await SessionApp.StartAsync(app =>
        {
            app.UseRouting();
            if (early)
            {
                app.UseSessionUp();
            }

            app.Use(
                (context, next) =>
                {
                    seen = context.Features.Get<ISessionUpFeature>()?.GetVerdict()?.Session?.UserKey;
                    return next(context);
                }
            );
            app.MapGet("/", () => "in").RequireSession();
        });
        var ann = await app.SignInAsync();

        await app.GetAsync("/", ann.Token);

        Assert.That(seen, Is.EqualTo(logged));
    }

    [TestCase(true, "*")]
    [TestCase(false, null)]
    public async Task Behind_CORS_a_refusal_can_be_read_by_the_page_that_asked(bool behind, string? allowed)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                if (behind)
                {
                    app.UseCors().UseSessionUp();
                }
                else
                {
                    app.UseSessionUp().UseCors();
                }

                app.MapGet("/", () => "in").RequireSession().RequireCors(policy => policy.AllowAnyOrigin());
            },
            services: services => services.AddCors()
        );

        using var response = await app.SendAsync("GET", "/", null, ("Origin", "https://app.example.com"));

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo(allowed));
    }

    private static Task<SessionApp> LimitedAsync(bool early, Func<HttpContext, string> partition) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                if (early)
                {
                    app.UseSessionUp();
                }

                app.UseRateLimiter();
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
