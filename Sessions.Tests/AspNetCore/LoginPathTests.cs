using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class LoginPathTests
{
    private const string Html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Test]
    public async Task A_browser_is_redirected_to_the_login_page_with_a_return_URL()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/devices?sort=last%20seen", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(response.Header("Location"), Is.EqualTo("/login?returnUrl=%2Fdevices%3Fsort%3Dlast%2520seen"));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task The_login_page_reads_the_way_back()
    {
        await using var app = await StartAsync();
        using var led = await app.SendAsync("GET", "/devices?a=b&c=d", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(await app.GetAsync(led.Header("Location")!), Is.EqualTo("/devices?a=b&c=d"));
    }

    [TestCase("Sec-Fetch-Mode", "cors", "Accept", Html)]
    [TestCase("Sec-Fetch-Mode", "same-origin", "Accept", Html)]
    [TestCase("Accept", "application/json")]
    [TestCase("Accept", "*/*")]
    [TestCase("Accept", "application/json, text/html;q=0.5")]
    [TestCase("Accept", "application/problem+json, text/html;q=0.9")]
    [TestCase("Accept", "text/html;q=0")]
    [TestCase("Accept", ";;;")]
    [TestCase("X-None", "")]
    public async Task A_program_gets_401(params string[] headers)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/devices", null, [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("Accept", Html)]
    [TestCase("Accept", "text/html")]
    [TestCase("Accept", "text/html, application/json")]
    [TestCase("Sec-Fetch-Mode", "navigate", "Accept", "application/json")]
    public async Task What_shows_pages_is_led_to_the_login_page(params string[] headers)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/devices", null, [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
    }

    [Test]
    public async Task A_form_that_was_posted_has_no_way_back()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", "/devices", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(response.Header("Location"), Is.EqualTo("/login"));
    }

    [Test]
    public async Task The_path_base_of_the_application_is_kept()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/base/devices", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.Header("Location"), Is.EqualTo("/base/login?returnUrl=%2Fbase%2Fdevices"));
    }

    [Test]
    public async Task An_address_that_resembles_another_host_is_no_return_URL()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "https://localhost//evil.example/x", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(response.Header("Location"), Is.EqualTo("/login"));
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("https://evil.example/")]
    [TestCase("evil")]
    [TestCase("")]
    [TestCase("/\t/evil.example")]
    [TestCase("/caf\u00e9")]
    [TestCase("/\u2028")]
    [TestCase("/a&returnUrl=/b")]
    public async Task A_way_back_that_is_not_local_is_not_believed(string url)
    {
        await using var app = await StartAsync();
        var query = url.Contains('&', StringComparison.Ordinal) ? url : Uri.EscapeDataString(url);

        Assert.That(await app.GetAsync("/login?returnUrl=" + query), Is.EqualTo("nowhere"));
    }

    [Test]
    public async Task A_way_back_that_is_not_ASCII_is_escaped_and_comes_back_as_it_was()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/caf%C3%A9", null, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(await app.GetAsync(response.Header("Location")!), Is.EqualTo("/caf%C3%A9"));
    }

    [Test]
    public async Task A_foreign_origin_gets_403_also_as_a_navigation()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync(
            "POST",
            "/devices",
            ann.Token,
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Site", "cross-site")
        );

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
                app.MapMethods("/devices", ["GET", "POST"], () => "in").RequireSession();
                app.MapGet("{*rest}", () => "in").RequireSession();
                app.MapGet("/login", (HttpContext http) => http.GetSessionReturnUrl() ?? "nowhere");
            },
            h => h.LoginPath = "/login"
        );
}
