using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class ClientBindingTests
{
    private IPAddress _address = IPAddress.Loopback;

    [TestCase("192.0.2.7", "192.0.2.200", 24, "in")]
    [TestCase("192.0.2.7", "192.0.3.7", 24, "401")]
    [TestCase("2001:db8::1", "2001:db8::2", 24, "in")]
    [TestCase("2001:db8::1", "2001:db8:1::1", 24, "401")]
    [TestCase("192.0.2.7", "::ffff:192.0.2.7", 32, "in")]
    public async Task A_session_is_bound_to_the_network_that_it_began_in(string began, string now, int bits, string answer)
    {
        await using var app = await StartAsync(o =>
            (o.Binding.Address, o.Binding.IPv4PrefixLength) = (ClientBindingAddressMode.Prefix, bits)
        );
        var token = await SignInAsync(app, began);

        Assert.That(await SendAsync(app, "/required", token, now), Is.EqualTo(answer));
    }

    [Test]
    public async Task A_public_endpoint_gets_no_session_and_the_reason_and_the_cookie_stays()
    {
        await using var app = await StartAsync(o => o.Binding.Address = ClientBindingAddressMode.Exact);
        var token = await SignInAsync(app, "192.0.2.7");

        _address = IPAddress.Parse("192.0.2.8");
        using var response = await app.SendAsync("GET", "/public", token);

        Assert.That(await response.TextAsync(), Is.EqualTo("ClientChanged"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await SendAsync(app, "/required", token, "192.0.2.7"), Is.EqualTo("in"), "the session stays");
    }

    [Test]
    public async Task A_forwarded_header_is_no_address()
    {
        await using var app = await StartAsync(o => o.Binding.Address = ClientBindingAddressMode.Exact);
        var token = await SignInAsync(app, "192.0.2.7");

        Assert.That(await SendAsync(app, "/required", token, "192.0.2.8", ("X-Forwarded-For", "192.0.2.7")), Is.EqualTo("401"));
        Assert.That(await SendAsync(app, "/required", token, "192.0.2.7", ("X-Forwarded-For", "192.0.2.8")), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_mismatch_can_end_the_session()
    {
        await using var app = await StartAsync(o =>
            (o.Binding.Address, o.Binding.MismatchAction) = (ClientBindingAddressMode.Exact, ClientBindingMismatchAction.Revoke)
        );
        var token = await SignInAsync(app, "192.0.2.7");

        Assert.That(await SendAsync(app, "/required", token, "192.0.2.8"), Is.EqualTo("401"));
        Assert.That(await SendAsync(app, "/required", token, "192.0.2.7"), Is.EqualTo("401"));
    }

    [Test]
    public async Task A_mismatch_can_be_reported_only()
    {
        var told = new List<string>();
        await using var app = await StartAsync(o =>
        {
            (o.Binding.Address, o.Binding.MismatchAction) = (ClientBindingAddressMode.Exact, ClientBindingMismatchAction.Report);
            o.Events.OnClientChanged += changed =>
            {
                told.Add($"{changed.Session.UserKey} {changed.Client.IPAddress}");
                return ValueTask.CompletedTask;
            };
        });
        var token = await SignInAsync(app, "192.0.2.7");

        Assert.That(await SendAsync(app, "/required", token, "192.0.2.8"), Is.EqualTo("in"));
        Assert.That(told, Is.EqualTo(["ann 192.0.2.8"]));
    }

    [TestCase("Chrome/140.0.0.0", "in")]
    [TestCase("Chrome/120.0.0.0", "in")]
    [TestCase("curl/8", "401")]
    public async Task A_new_version_of_the_same_browser_is_the_same_client(string product, string answer)
    {
        await using var app = await StartAsync(o => o.Binding.UserAgent = ClientBindingUserAgentMode.SameBrowser);
        const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ";
        var token = await SignInAsync(app, "192.0.2.7", Windows + "Chrome/120.0.0.0 Safari/537.36");
        var agent = product.StartsWith("curl", StringComparison.Ordinal) ? product : $"{Windows}{product} Safari/537.36";

        Assert.That(await SendAsync(app, "/required", token, "192.0.2.7", ("User-Agent", agent)), Is.EqualTo(answer));
    }

    [Test]
    public async Task A_worker_or_a_WebSocket_which_sends_no_hints_is_the_same_browser()
    {
        await using var app = await StartAsync(o => o.Binding.UserAgent = ClientBindingUserAgentMode.SameBrowser);
        const string Agent =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        using var login = await app.SendAsync(
            "POST",
            "/login",
            null,
            ("User-Agent", Agent),
            ("Sec-CH-UA", "\"Brave\";v=\"140\", \"Chromium\";v=\"140\""),
            ("Sec-CH-UA-Platform", "\"Linux\"")
        );

        Assert.That(await SendAsync(app, "/required", login.Token(), "127.0.0.1", ("User-Agent", Agent)), Is.EqualTo("in"));
    }

    [TestCase("")]
    [TestCase("nothing known")]
    public async Task An_agent_that_would_always_be_refused_is_refused_at_its_sign_in(string agent)
    {
        await using var app = await StartAsync(o => o.Binding.UserAgent = ClientBindingUserAgentMode.SameBrowser);

        using var response = await app.SendAsync("POST", "/login", null, ("User-Agent", agent));

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That((await response.JsonAsync()).GetProperty("reason").GetString(), Is.EqualTo("client"));
        Assert.That(app.StoreCalls, Is.Zero);
    }

    private async Task<SessionToken> SignInAsync(SessionApp app, string address, string agent = "curl/8.5.0")
    {
        _address = IPAddress.Parse(address);
        using var response = await app.SendAsync("POST", "/login", null, ("User-Agent", agent));
        return response.Token();
    }

    private async Task<string> SendAsync(SessionApp app, string path, SessionToken token, string address, params (string, string)[] headers)
    {
        _address = IPAddress.Parse(address);
        using var response = await app.SendAsync("GET", path, token, headers);
        return response.IsSuccessStatusCode ? await response.TextAsync() : $"{(int)response.StatusCode}";
    }

    private Task<SessionApp> StartAsync(Action<SessionUpOptions> options) =>
        SessionApp.StartAsync(
            app =>
            {
                app.Use(
                    (context, next) =>
                    {
                        context.Connection.RemoteIpAddress = _address;
                        return next(context);
                    }
                );
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
                app.MapGet("/required", () => "in").RequireSession();
                app.MapGet("/public", (HttpContext http) => http.GetSession() is null ? http.GetSessionRejection().ToString() : "in")
                    .PublicSession();
            },
            options: options
        );
}
