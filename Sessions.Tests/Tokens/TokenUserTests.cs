using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Tokens;

/// <summary>An application that keeps its own store and takes only the tools.</summary>
public sealed class TokenUserTests
{
    private static readonly TokenCookie Cookie = new();

    private Dictionary<string, User> _users = null!;
    private bool _isStoreDown;
    private int _lookups;

    [SetUp]
    public void Reset() => (_users, _isStoreDown, _lookups) = ([], false, 0);

    [Test]
    public async Task A_user_signs_in_is_recognized_and_signs_out()
    {
        await using var app = await StartAsync();
        using var client = app.GetTestClient();

        Assert.That(await client.GetStringAsync("/"), Is.EqualTo("stranger"));
        Assert.That(_lookups, Is.Zero, "There was nothing to look for.");

        using var login = await client.PostAsync("/login", null);
        var cookie = login.SetCookies().Single();
        client.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");

        Assert.That(await client.GetStringAsync("/"), Is.EqualTo("ann"));
        Assert.That(_lookups, Is.EqualTo(1));

        using var logout = await client.PostAsync("/logout", null);

        Assert.That(logout.ClearsCookie("__Host-token"), Is.True);
        Assert.That(await client.GetStringAsync("/"), Is.EqualTo("stranger"), "The token is worth nothing any more.");
    }

    [Test]
    public async Task Responses_with_the_cookie_are_never_kept_and_those_for_a_user_not_by_shared_caches()
    {
        await using var app = await StartAsync();
        using var client = app.GetTestClient();
        using var stranger = await client.GetAsync("/cached");
        using var login = await client.PostAsync("/login", null);
        var cookie = login.SetCookies().Single();
        client.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var known = await client.GetAsync("/cached");
        using var logout = await client.PostAsync("/logout", null);

        Assert.That((stranger.Header("Cache-Control"), stranger.Header("Vary")), Is.EqualTo(("public, max-age=60", "Cookie")));
        Assert.That(login.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(known.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(logout.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task What_was_made_for_a_user_is_not_served_to_others_from_the_caches_of_the_server(
        [Values("/output", "/response")] string path,
        [Values] bool cachesFirst
    )
    {
        await using var app = await StartAsync(cachesFirst);
        using var ann = app.GetTestClient();
        using var stranger = app.GetTestClient();
        using var login = await ann.PostAsync("/login", null);
        var cookie = login.SetCookies().Single();
        ann.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");

        Assert.That(await ann.GetStringAsync(path), Is.EqualTo("ann"));
        Assert.That(await stranger.GetStringAsync(path), Is.EqualTo("stranger"));
        Assert.That(await ann.GetStringAsync(path), Is.EqualTo("ann"), "What was made for a stranger is not served to her either.");
    }

    [Test]
    public async Task A_lookup_that_fails_fails_the_request_and_leaves_the_cookie_alone()
    {
        await using var app = await StartAsync();
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("Cookie", $"__Host-token={RandomToken.Encode(new byte[32])}");
        _isStoreDown = true;

        using var response = await client.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_cookie_set_too_late_is_an_error()
    {
        await using var app = await StartAsync();
        using var client = app.GetTestClient();

        Assert.That(
            await client.GetStringAsync("/late"),
            Is.EqualTo(
                "begun: The response has started, so the cookie __Host-token cannot be set any more. Call this before anything is written."
            )
        );
    }

    [Test]
    public void Without_the_middleware_reading_the_user_is_an_error() =>
        Assert.That(
            () => new DefaultHttpContext().GetTokenUser<User>(),
            Throws.InvalidOperationException.With.Message.Contains("UseTokenUser<User>")
        );

    private async Task<WebApplication> StartAsync(bool? cachesFirst = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddOutputCache().AddResponseCaching();
        var app = builder.Build();
        app.UseExceptionHandler(static error => error.Run(static _ => Task.CompletedTask));
        if (cachesFirst == true)
        {
            app.UseOutputCache().UseResponseCaching();
        }

        app.UseTokenUser(Cookie, (token, _, _) => FindAsync(token));
        if (cachesFirst == false)
        {
            app.UseOutputCache().UseResponseCaching();
        }

        app.MapGet("/", static (HttpContext http) => http.GetTokenUser<User>()?.Name ?? "stranger");
        app.MapGet(
            "/cached",
            static (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=60";
                return "for all";
            }
        );
        app.MapGet("/output", static (HttpContext http) => http.GetTokenUser<User>()?.Name ?? "stranger").CacheOutput();
        app.MapGet(
            "/response",
            static (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=60";
                return http.GetTokenUser<User>()?.Name ?? "stranger";
            }
        );
        app.MapGet(
            "/late",
            static async (HttpContext http) =>
            {
                await http.Response.WriteAsync("begun: ");
                await http.Response.Body.FlushAsync();
                try
                {
                    Cookie.Issue(http);
                }
                catch (InvalidOperationException e)
                {
                    await http.Response.WriteAsync(e.Message);
                }
            }
        );
        app.MapPost("/login", (HttpContext http) => _users.Add(Hash(Cookie.Issue(http)), new User("ann")));
        app.MapPost(
            "/logout",
            (HttpContext http) =>
            {
                _users.Remove(Hash(Cookie.Read(http)!));
                Cookie.Delete(http);
            }
        );
        await app.StartAsync();
        return app;
    }

    private ValueTask<User?> FindAsync(byte[] token)
    {
        _lookups++;
        return _isStoreDown ? throw new TimeoutException("The database does not answer.") : new(_users.GetValueOrDefault(Hash(token)));
    }

    private static string Hash(byte[] token) => Convert.ToHexString(SHA256.HashData(token));

    private sealed record User(string Name);
}
