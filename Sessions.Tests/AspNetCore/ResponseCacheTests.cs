using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class ResponseCacheTests
{
    [TestCase("/required")]
    [TestCase("/empty")]
    [TestCase("/public")]
    public async Task What_was_made_for_a_session_is_not_kept_although_the_endpoint_says_public(string path)
    {
        await using var app = await StartAsync();
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        using var first = await app.SendAsync("GET", path, ann.Token);
        using var second = await app.SendAsync("GET", path, bob.Token);
        using var stranger = await app.SendAsync("GET", path);

        Assert.That(first.Header("X-User"), Is.EqualTo("ann"));
        Assert.That(second.Header("X-User"), Is.EqualTo("bob"));
        Assert.That(stranger.Header("X-User"), Is.Null.Or.EqualTo("stranger"));
        Assert.That(first.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task A_response_without_a_session_is_not_served_to_a_session()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var stranger = await app.SendAsync("GET", "/public");
        await stranger.TextAsync();
        using var again = await app.SendAsync("GET", "/public");
        using var known = await app.SendAsync("GET", "/public", ann.Token);

        Assert.That(again.Header("Age"), Is.Not.Null, "strangers share the cache");
        Assert.That(stranger.Header("Vary"), Is.EqualTo("Cookie"));
        Assert.That(known.Header("X-User"), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_token_is_not_kept_although_the_endpoint_says_public()
    {
        await using var app = await StartAsync();

        using var first = await app.SendAsync("GET", "/begin");
        using var second = await app.SendAsync("GET", "/begin");

        Assert.That(second.Token(), Is.Not.EqualTo(first.Token()));
    }

    private static Task<SessionApp> StartAsync()
    {
        static void WriteUser(HttpContext http)
        {
            http.Response.Headers.CacheControl = "public, max-age=60";
            http.Response.Headers["X-User"] = http.GetSession()?.UserKey ?? "stranger";
        }

        static Task WriteMore(HttpContext http)
        {
            WriteUser(http);
            return http.Response.WriteAsync("hello");
        }

        return SessionApp.StartAsync(
            app =>
            {
                app.UseResponseCaching();
                app.MapGet("/required", WriteMore).RequireSession();
                app.MapGet("/empty", WriteUser).RequireSession();
                app.MapGet("/public", WriteMore).PublicSession();
                app.MapGet(
                    "/begin",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("eve");
                        await WriteMore(http);
                    }
                );
            },
            services: services => services.AddResponseCaching()
        );
    }
}
