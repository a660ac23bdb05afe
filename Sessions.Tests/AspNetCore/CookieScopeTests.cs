using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

/// <summary>A deployment that changes the domain or the path of the cookie, beside browsers that hold the one of before.</summary>
public sealed class CookieScopeTests
{
    private static readonly string[] s_folders = ["", "/shop"];
    private static readonly Uri s_host = new("https://app.example.com");

    [TestCase(null, "/", "__Host-sid")]
    [TestCase("example.com", "/", "__Secure-sid")]
    [TestCase(null, "/shop", "__Secure-sid")]
    public async Task The_name_of_the_cookie_begins_with_the_prefix_that_its_scope_allows(string? domain, string path, string name)
    {
        await using var app = await StartAsync(h => h.UseCookieScope(domain, path));

        using var response = await app.SendAsync("POST", "/login");

        var cookie = response.SetCookies().Single();
        Assert.That((cookie.Name.Value, cookie.Path.Value, cookie.Domain.Value, cookie.Secure), Is.EqualTo((name, path, domain, true)));
    }

    [Test]
    public async Task The_development_cookie_is_kept_over_plain_http_and_has_no_prefix()
    {
        await using var app = await StartAsync(h => h.UseDevelopmentCookie());

        using var response = await app.SendAsync("POST", "/login");

        var cookie = response.SetCookies().Single();
        Assert.That((cookie.Name.Value, cookie.Secure, cookie.HttpOnly), Is.EqualTo(("sid", false, true)));
        Assert.That(await GetWithAsync(app, $"sid={response.Token().Reveal()}"), Does.StartWith("ann"));
    }

    [TestCase(null, "/", "example.com", "/")]
    [TestCase("example.com", "/", null, "/")]
    [TestCase(null, "/", null, "/shop")]
    [TestCase(null, "/shop", null, "/")]
    [TestCase("example.com", "/", null, "/shop")]
    public async Task After_a_change_of_scope_a_sign_in_leaves_the_user_signed_in_with_one_cookie(
        string? domainBefore,
        string pathBefore,
        string? domain,
        string path
    )
    {
        var jar = new BrowserCookieJar();
        await using var before = await StartAsync(h => Configure(h, domainBefore, pathBefore));
        await SendAsync(before, jar, "POST", "/shop/login");
        await using var app = await StartAsync(h => Configure(h, domain, path), before);

        var signedIn = await SendAsync(app, jar, "GET", "/shop/");
        await SendAsync(app, jar, "POST", "/shop/login");
        var afterwards = await SendAsync(app, jar, "GET", "/shop/");

        Assert.That(signedIn, Does.StartWith("ann"));
        Assert.That(afterwards, Does.StartWith("ann").And.Not.EqualTo(signedIn));
        Assert.That(jar.Cookies, Has.Count.EqualTo(1));
        Assert.That(await before.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_dead_cookie_of_another_scope_keeps_no_user_from_signing_in()
    {
        var jar = new BrowserCookieJar();
        await using var before = await StartAsync(h => Configure(h, null, "/shop"));
        await SendAsync(before, jar, "POST", "/shop/login");
        await before.Administration.RevokeAllAsync("ann");
        await using var app = await StartAsync(h => Configure(h, "example.com", "/"), before);

        await SendAsync(app, jar, "POST", "/shop/login");

        Assert.That(await SendAsync(app, jar, "GET", "/shop/"), Does.StartWith("ann"));
    }

    [Test]
    public async Task The_cookie_of_another_application_on_the_host_stays_when_a_user_signs_in()
    {
        var jar = new BrowserCookieJar();
        await using var portal = await StartAsync(h => Configure(h, null, "/"));
        await SendAsync(portal, jar, "POST", "/login");
        await using var shop = await StartAsync(h => Configure(h, null, "/shop"));

        await SendAsync(shop, jar, "POST", "/shop/login");

        Assert.That(await SendAsync(portal, jar, "GET", "/"), Does.StartWith("ann"));
        Assert.That(await SendAsync(shop, jar, "GET", "/shop/"), Does.StartWith("ann"));
        Assert.That(jar.Cookies, Has.Count.EqualTo(2));
    }

    [TestCase("sid=theirs")]
    [TestCase("sid=theirs; sid=TOKEN")]
    public async Task Beside_a_cookie_that_holds_no_token_nothing_is_taken_back(string header)
    {
        await using var app = await StartAsync(h => Configure(h, "example.com", "/"));
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "POST",
            "/login",
            null,
            ("Cookie", header.Replace("TOKEN", ann.Token.Reveal(), StringComparison.Ordinal)),
            ("Host", s_host.Host)
        );

        Assert.That(response.SetCookies(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_name_that_only_the_host_can_have_needs_nothing_taken_back()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/login", ann.Token, ("Host", s_host.Host));

        Assert.That(response.SetCookies(), Has.Count.EqualTo(1));
    }

    private static void Configure(SessionHttpOptions options, string? domain, string path)
    {
        options.Cookie.Name = "sid";
        options.UseCookieScope(domain, path);
    }

    private static async Task<string> SendAsync(SessionApp app, BrowserCookieJar jar, string method, string path)
    {
        var request = new BrowserRequest { Url = new Uri(s_host, path), Method = method };
        var headers = request.GetHeaders().Append(("Host", s_host.Host)).ToList();
        if (jar.GetCookieHeader(request, app.Clock.UtcNow) is { } cookies)
        {
            headers.Add(("Cookie", cookies));
        }

        using var response = await app.SendAsync(method, path, null, [.. headers]);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            jar.Receive(request.Url, set, app.Clock.UtcNow);
        }

        return await response.TextAsync();
    }

    private static async Task<string> GetWithAsync(SessionApp app, string cookie)
    {
        using var response = await app.SendAsync("GET", "/", null, ("Cookie", cookie));
        return await response.TextAsync();
    }

    /// <summary>The application, with the sessions of an earlier deployment of it.</summary>
    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null, SessionApp? before = null) =>
        SessionApp.StartAsync(
            app =>
            {
                foreach (var path in s_folders)
                {
                    app.MapPost(path + "/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey)
                        .AllowCrossOriginSession();
                    app.MapGet(
                            path + "/",
                            (HttpContext http) =>
                                http.GetSession() is { } session ? $"{session.UserKey} {session.Id}" : http.GetSessionRejection().ToString()
                        )
                        .PublicSession();
                }
            },
            http,
            backend: before is null ? null : (before.Store, before.Clock)
        );
}
