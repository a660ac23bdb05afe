using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>What caches may do with a response that has to do with a cookie session.</summary>
public sealed class CookieCacheTests
{
    [Test]
    public async Task A_response_that_leaves_the_session_as_it_is_may_be_cached_as_the_endpoint_says()
    {
        await using var app = await CookieApp.StartAsync(map: app =>
            app.MapGet(
                "/page",
                (HttpContext http) =>
                {
                    http.Response.Headers.CacheControl = "private, max-age=60";
                    return CookieApp.Text(http.GetCookieSession<Visit>().Get());
                }
            )
        );
        await app.Browser.SendAsync("POST", "/set/1");

        using var response = await app.Browser.SendAsync("GET", "/page");

        Assert.That(response.Header("Cache-Control"), Does.Contain("max-age=60"));
    }

    [Test]
    public async Task What_was_made_for_one_client_is_not_served_to_another_from_the_output_cache()
    {
        await using var app = await CookieApp.StartAsync(
            services: services => services.AddOutputCache(),
            map: app =>
            {
                app.UseOutputCache();
                app.MapGet("/page", (HttpContext http) => CookieApp.Text(http.GetCookieSession<Visit>().Get())).CacheOutput();
            }
        );
        await app.Browser.SendAsync("POST", "/set/1");
        Assert.That(await app.Browser.GetAsync("/page"), Is.EqualTo("visit 1"));

        app.Browser.Cookies.Clear();

        Assert.That(await app.Browser.GetAsync("/page"), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task Of_two_clients_at_once_each_gets_its_own_page_past_the_output_cache()
    {
        var (entered, waiting) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await CookieApp.StartAsync(
            services: services => services.AddOutputCache(),
            map: app =>
            {
                app.Use(
                    async (http, next) =>
                    {
                        var response = next(http);
                        if (http.Request.Path == "/page" && http.Request.Headers.Cookie.Count == 0)
                        {
                            // The cache has let this request wait for the other one by now.
                            waiting.SetResult();
                        }

                        await response;
                    }
                );
                app.UseOutputCache();
                app.MapGet(
                        "/page",
                        async (HttpContext http) =>
                        {
                            var visit = http.GetCookieSession<Visit>().Get();
                            http.Response.Headers["X-Visit"] = CookieApp.Text(visit);
                            if (visit is not null)
                            {
                                entered.SetResult();
                                await waiting.Task;
                            }

                            return CookieApp.Text(visit);
                        }
                    )
                    .CacheOutput();
            }
        );
        await app.Browser.SendAsync("POST", "/set/1");
        var first = app.Browser.SendAsync("GET", "/page");
        await entered.Task;
        app.Browser.Cookies.Clear();

        var second = app.Browser.SendAsync("GET", "/page");
        using var mine = await first;
        using var theirs = await second;

        Assert.That((await mine.TextAsync(), mine.Header("X-Visit")), Is.EqualTo(("visit 1", "visit 1")));
        Assert.That((await theirs.TextAsync(), theirs.Header("X-Visit")), Is.EqualTo(("stranger", "stranger")));
    }
}
