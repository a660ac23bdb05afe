using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class CacheHeaderTests
{
    [Test]
    public async Task A_response_with_our_cookie_may_not_be_stored_whatever_the_endpoint_says()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                "/login",
                async (HttpContext http) =>
                {
                    await http.InitSessionAsync("ann");
                    http.Response.Headers.CacheControl = "public, max-age=600";
                    http.Response.Headers.Expires = "Thu, 01 Jan 2099 00:00:00 GMT";
                    await http.Response.WriteAsync("welcome");
                }
            )
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(response.SetCookies(), Has.Count.EqualTo(1));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(response.Header("Expires"), Is.Null);
    }

    [Test]
    public async Task Not_even_a_callback_of_the_endpoint_has_the_last_word()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost(
                    "/logout",
                    async (HttpContext http) =>
                    {
                        http.Response.OnStarting(() =>
                        {
                            http.Response.Headers.CacheControl = "public, max-age=600";
                            return Task.CompletedTask;
                        });
                        await http.RevokeSessionAsync();
                    }
                )
                .RequireSession()
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [TestCase(null, "no-store", null)]
    [TestCase("public, max-age=60", "no-store", null)]
    [TestCase("max-age=60", "no-store", null)]
    [TestCase("max-age=60, private", "max-age=60, private", "Cookie")]
    [TestCase("no-store", "no-store", null)]
    public async Task What_is_let_in_is_never_for_shared_caches(string? said, string expected, string? vary)
    {
        await using var app = await StartAsync(said);
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("GET", "/", ann.Token);

        Assert.That(response.Header("Cache-Control"), Is.EqualTo(expected));
        Assert.That(response.Header("Vary"), Is.EqualTo(vary));
    }

    [TestCase(null, "Cookie")]
    [TestCase("public, max-age=60", "Cookie")]
    public async Task A_response_without_a_session_varies_by_cookie(string? said, string vary)
    {
        await using var app = await StartAsync(said);

        using var response = await app.SendAsync("GET", "/");

        Assert.That(response.Header("Cache-Control"), Is.EqualTo(said));
        Assert.That(response.Header("Vary"), Is.EqualTo(vary));
    }

    [Test]
    public async Task What_the_endpoint_varies_by_is_kept()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => http.Response.Headers.Vary = "Accept-Language").PublicSession()
        );

        using var response = await app.SendAsync("GET", "/");

        Assert.That(response.Header("Vary"), Is.EqualTo("Accept-Language, Cookie"));
    }

    private static Task<SessionApp> StartAsync(string? cacheControl) =>
        SessionApp.StartAsync(app =>
            app.MapGet(
                    "/",
                    (HttpContext http) =>
                    {
                        http.Response.Headers.CacheControl = cacheControl;
                        return "hello";
                    }
                )
                .PublicSession()
        );
}
