using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class CrossOriginTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "ODD"];

    [TestCase("POST", "same-origin", null, 200)]
    [TestCase("POST", "none", null, 200)]
    [TestCase("POST", "same-site", null, 403)]
    [TestCase("POST", "cross-site", null, 403)]
    [TestCase("POST", "odd", null, 403)]
    [TestCase("POST", "same-origin", "https://evil.example", 200, Description = "what the browser says of itself comes first")]
    [TestCase("POST", "cross-site", "https://localhost", 403)]
    [TestCase("POST", null, null, 200, Description = "no browser of today")]
    [TestCase("POST", null, "https://localhost", 200)]
    [TestCase("POST", null, "https://LOCALHOST", 200)]
    [TestCase("POST", null, "http://localhost", 403, Description = "another scheme")]
    [TestCase("POST", null, "https://localhost:8443", 403, Description = "another port")]
    [TestCase("POST", null, "https://localhost.evil.example", 403)]
    [TestCase("POST", null, "https://evil.example", 403)]
    [TestCase("POST", null, "null", 403)]
    [TestCase("PUT", "cross-site", null, 403)]
    [TestCase("PATCH", "cross-site", null, 403)]
    [TestCase("DELETE", "cross-site", null, 403)]
    [TestCase("ODD", "cross-site", null, 403)]
    [TestCase("GET", "cross-site", "https://evil.example", 200)]
    [TestCase("HEAD", "cross-site", null, 200)]
    [TestCase("OPTIONS", "cross-site", null, 200)]
    public async Task Unsafe_requests_pass_only_from_the_own_origin(string method, string? site, string? origin, int status)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(method, "/", ann.Token, Headers(site, origin));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("cross-site", null, 403)]
    [TestCase("same-origin", null, 200)]
    [TestCase(null, "https://evil.example", 403)]
    [TestCase(null, "https://localhost", 200)]
    public async Task A_WebSocket_handshake_is_held_to_the_rule_although_it_is_a_GET(string? site, string? origin, int status)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "GET",
            "/",
            ann.Token,
            [.. Headers(site, origin), ("Connection", "Upgrade"), ("Upgrade", "WebSocket")]
        );

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("cross-site", "https://app.example.com", 200)]
    [TestCase("same-site", "https://app.example.com", 200)]
    [TestCase(null, "https://app.example.com", 200)]
    [TestCase(null, "http://localhost:3000", 200)]
    [TestCase("cross-site", "https://evil.example", 403)]
    [TestCase("cross-site", "http://app.example.com", 403)]
    [TestCase("cross-site", "https://app.example.com.evil.example", 403)]
    [TestCase("cross-site", null, 403)]
    public async Task Allowed_origins_pass(string? site, string? origin, int status)
    {
        await using var app = await StartAsync(h =>
        {
            h.AllowedOrigins.Add("https://APP.example.com:443");
            h.AllowedOrigins.Add("http://localhost:3000");
        });
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/", ann.Token, Headers(site, origin));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("example.com", "http://example.com")]
    [TestCase("example.com:80", "http://example.com")]
    [TestCase("Example.com:8080", "http://example.com:8080")]
    [TestCase("[::1]:5080", "http://[::1]:5080")]
    public async Task The_host_is_compared_with_its_port_the_default_one_unsaid(string host, string origin)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "http://localhost/", ann.Token, ("Host", host), ("Origin", origin));

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task An_exempt_endpoint_takes_foreign_requests()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/exempt", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task A_public_endpoint_treats_a_cross_site_request_as_one_without_a_session()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/public", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(await response.TextAsync(), Is.EqualTo("CrossOrigin"));
    }

    [Test]
    public async Task A_dead_token_is_401_before_a_foreign_origin_is_403()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("POST", "/", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
    }

    private static Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapMethods("/", Methods, () => "in").RequireSession();
                app.MapPost("/exempt", () => "in").RequireSession().AllowCrossOriginSession();
                app.MapPost("/public", (HttpContext http) => http.GetSessionRejection().ToString()).PublicSession();
            },
            http
        );

    private static (string, string)[] Headers(string? site, string? origin) =>
        [.. site is null ? [] : new[] { ("Sec-Fetch-Site", site) }, .. origin is null ? [] : new[] { ("Origin", origin) }];
}
