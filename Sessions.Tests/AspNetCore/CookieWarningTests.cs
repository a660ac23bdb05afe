using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.AspNetCore;

/// <summary>What the log says of a cookie that works less well than it could, and what a sign-out clears.</summary>
public sealed class CookieWarningTests
{
    private RecordingLoggerProvider _log = null!;

    [SetUp]
    public void SetUpLog() => _log = new();

    [TearDown]
    public void DisposeLog() => _log.Dispose();

    [TestCase("sid", "__Host-")]
    [TestCase("__Host-sid", null)]
    [TestCase("__Secure-sid", null)]
    [TestCase("__Http-sid", null)]
    [TestCase("__Host-Http-sid", null)]
    public async Task A_name_without_a_prefix_is_a_warning_that_names_the_prefix_to_use(string name, string? prefix)
    {
        await using var app = await StartAsync(h => h.Cookie.Name = name);

        Assert.That(
            GetWarnings(),
            prefix is null ? Is.Empty : Has.One.Contains($"\"{name}\" has no prefix").And.One.Contains($"begin it with {prefix}")
        );
    }

    [Test]
    public async Task A_development_cookie_in_production_is_a_warning()
    {
        await using var app = await StartAsync(h => h.UseDevelopmentCookie());

        Assert.That(GetWarnings(), Has.One.Contains("\"sid\" has no prefix"));
    }

    [TestCase("http://app.example.com/login", 1)]
    [TestCase("http://192.0.2.7/login", 1)]
    [TestCase("https://app.example.com/login", 0)]
    [TestCase("http://localhost/login", 0)]
    [TestCase("http://app.localhost/login", 0)]
    [TestCase("http://127.0.0.1/login", 0)]
    [TestCase("http://[::1]/login", 0)]
    public async Task A_secure_cookie_over_plain_http_is_a_warning_once_where_no_browser_keeps_it(string address, int warnings)
    {
        await using var app = await StartAsync();

        for (var i = 0; i < 2; i++)
        {
            using var response = await app.Client.PostAsync(new Uri(address), content: null);
            Assert.That(response.SetCookies(), Has.Count.EqualTo(1));
        }

        Assert.That(GetWarnings().Count(static message => message.Contains("plain HTTP", StringComparison.Ordinal)), Is.EqualTo(warnings));
    }

    [TestCase("/logout", "\"cache\", \"cookies\", \"storage\"")]
    [TestCase("/logout-keeping", "\"cache\", \"storage\"")]
    [TestCase("/others", null)]
    [TestCase("/login", null)]
    public async Task A_sign_out_clears_what_the_option_says_but_not_the_cookie_that_it_sets(string path, string? header)
    {
        await using var app = await StartAsync(h =>
            h.ClearOnSignOut = ClearedSiteData.Cache | ClearedSiteData.Cookies | ClearedSiteData.Storage
        );
        var ann = await app.SignInAsync(init: new SessionInit { Values = SessionValues.Empty.Set("cart", "tea") });

        using var response = await app.SendAsync("POST", path, ann.Token);

        Assert.That(response.Header("Clear-Site-Data")?.Replace(",\"", ", \"", StringComparison.Ordinal), Is.EqualTo(header));
    }

    [Test]
    public async Task Without_the_option_a_sign_out_clears_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(response.Header("Clear-Site-Data"), Is.Null);
    }

    private IEnumerable<string> GetWarnings() =>
        _log.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Message);

    private Task<SessionApp> StartAsync(Action<SessionHttpOptions>? http = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
                app.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync()).PublicSession();
                app.MapPost("/logout-keeping", (HttpContext http) => http.LogOutSessionAsync(keepValues: true)).PublicSession();
                app.MapPost("/others", (HttpContext http) => http.RevokeOtherSessionsAsync()).PublicSession();
            },
            http,
            services: services => services.AddSingleton<ILoggerProvider>(_log)
        );
}
