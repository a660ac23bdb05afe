using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>What is no session is none, with an event: never an error for whoever shows it.</summary>
[TestFixture("data protection")]
[TestFixture("encrypted")]
[TestFixture("signed")]
public sealed class CookieRejectionTests(string protection)
{
    private const string Name = "__Host-visit";

    // For two applications that share their keys.
    private readonly IDataProtectionProvider _shared = new EphemeralDataProtectionProvider();

    private CookieApp _app = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _app = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            app => app.MapPost("/other", (HttpContext http) => http.GetCookieSession<Visit>("other").Set(new Visit(9))),
            services => services.AddCookieSessions<Visit>("other", CookieApp.Protection(protection))
        );
    }

    [TearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Every_single_character_counts()
    {
        var text = await IssueAsync();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            _app.Browser.Cookies[Name] = changed;
            Assert.That(await ReadAsync(), Is.EqualTo("stranger"), changed);
        }

        Assert.That(_app.Rejected, Has.Count.EqualTo(text.Length).And.All.EqualTo(Rejected(CookieSessionRejection.NotAuthentic)));
    }

    [Test]
    public async Task A_truncated_cookie_is_no_session()
    {
        var text = await IssueAsync();
        for (var length = 1; length < text.Length; length++)
        {
            _app.Browser.Cookies[Name] = text[..length];
            Assert.That(await ReadAsync(), Is.EqualTo("stranger"), text[..length]);
        }

        Assert.That(_app.Rejected, Has.Count.EqualTo(text.Length - 1));
    }

    [Test]
    public async Task A_cookie_under_the_name_of_other_sessions_is_no_session()
    {
        await _app.Browser.SendAsync("POST", "/other");
        _app.Browser.Cookies[Name] = _app.Browser.Cookies["__Host-other"];

        Assert.That(await ReadAsync(), Is.EqualTo("stranger"));
        Assert.That(_app.Rejected, Is.EqualTo([Rejected(CookieSessionRejection.NotAuthentic)]));
    }

    [Test]
    public async Task A_renamed_cookie_is_no_session_even_of_the_same_sessions()
    {
        await using var renamed = await CookieApp.StartAsync(
            CookieApp.Protection(protection) + (o => o.Cookie.Name = "renamed"),
            services: services => services.AddSingleton(_shared)
        );
        await using var original = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            services: services => services.AddSingleton(_shared)
        );
        await original.Browser.SendAsync("POST", "/set/1");
        renamed.Browser.Cookies["renamed"] = original.Browser.Cookies[Name];

        Assert.That(await renamed.Browser.GetAsync(), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task A_cookie_of_another_application_is_no_session()
    {
        await using var foreign = await CookieApp.StartAsync(CookieApp.Protection(protection, CookieApp.Key("foreign")));
        await foreign.Browser.SendAsync("POST", "/set/1");
        _app.Browser.Cookies[Name] = foreign.Browser.Cookies[Name];

        Assert.That(await ReadAsync(), Is.EqualTo("stranger"));
        Assert.That(_app.Rejected, Is.EqualTo([Rejected(CookieSessionRejection.NotAuthentic)]));
    }

    [TestCase("chunks of one", "1~")]
    [TestCase("chunks of none", "0~")]
    [TestCase("more chunks than there can be", "9~")]
    [TestCase("chunks counted in letters", "x~")]
    public async Task A_forged_chunk_marker_is_no_session(string _, string mark)
    {
        _app.Browser.Cookies[Name] = mark + await IssueAsync();

        Assert.That(await ReadAsync(), Is.EqualTo("stranger"));
        Assert.That(_app.Rejected, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Two_cookies_of_one_name_with_different_values_are_no_session()
    {
        var first = await IssueAsync();
        await _app.Browser.SendAsync("POST", "/set/2");
        _app.Browser.Cookies["x"] = $"y; {Name}={first}";

        Assert.That(await ReadAsync(), Is.EqualTo("stranger"), "one of them was planted, and nobody can tell which");
    }

    [Test]
    public async Task An_authentic_cookie_whose_data_are_of_another_shape_is_no_session()
    {
        await using var before = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            app => app.MapPost("/list", (HttpContext http) => http.GetCookieSession<List<int>>().Set([1])),
            services =>
                services
                    .AddSingleton(_shared)
                    .AddCookieSessions<List<int>>("list", CookieApp.Protection(protection) + (o => o.Cookie.Name = "shape"))
        );
        await using var after = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            app => app.MapGet("/list", (HttpContext http) => CookieApp.Text(http.GetCookieSession<Visit>("list").Get())),
            services =>
                services
                    .AddSingleton(_shared)
                    .AddCookieSessions<Visit>("list", CookieApp.Protection(protection) + (o => o.Cookie.Name = "shape"))
                    .Configure<CookieSessionOptions>("list", Record)
        );
        await before.Browser.SendAsync("POST", "/list");
        after.Browser.Cookies["shape"] = before.Browser.Cookies["shape"];

        Assert.That(await after.Browser.GetAsync("/list"), Is.EqualTo("stranger"));
        Assert.That(_app.Rejected, Is.EqualTo([Rejected(CookieSessionRejection.Unreadable, "list")]));
    }

    [TestCase("an absent value", null)]
    [TestCase("what values must not hold", "\0")]
    public async Task An_authentic_cookie_that_holds_no_values_by_key_is_no_session(string _, string? value)
    {
        await using var before = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            app =>
                app.MapPost(
                    "/map",
                    (HttpContext http) => http.GetCookieSession<Dictionary<string, string?>>().Set(new() { ["user"] = value })
                ),
            services =>
                services
                    .AddSingleton(_shared)
                    .AddCookieSessions<Dictionary<string, string?>>(
                        "map",
                        CookieApp.Protection(protection) + (o => o.Cookie.Name = "shape")
                    )
        );
        await using var after = await CookieApp.StartAsync(
            CookieApp.Protection(protection),
            app => app.MapGet("/map", (HttpContext http) => $"{http.GetCookieSession().Values.Count} values"),
            services =>
                services
                    .AddSingleton(_shared)
                    .AddCookieSessions("map", CookieApp.Protection(protection) + (o => o.Cookie.Name = "shape"))
                    .Configure<CookieSessionOptions>("map", Record)
        );
        await before.Browser.SendAsync("POST", "/map");
        after.Browser.Cookies["shape"] = before.Browser.Cookies["shape"];

        Assert.That(await after.Browser.GetAsync("/map"), Is.EqualTo("0 values"));
        Assert.That(_app.Rejected, Is.EqualTo([Rejected(CookieSessionRejection.Unreadable, "map")]));
    }

    [Test]
    public async Task A_cookie_that_is_not_accepted_is_left_alone()
    {
        // A key that this server has not got yet would else cost every client its session.
        _app.Browser.Cookies[Name] = "foreign";

        Assert.That(await _app.Browser.CountSetCookiesAsync("GET", "/"), Is.Zero);
    }

    [Test]
    public async Task A_handler_of_the_event_that_throws_fails_nothing()
    {
        await using var app = await CookieApp.StartAsync(
            CookieApp.Protection(protection) + (o => o.OnRejected += _ => throw new InvalidOperationException("handler"))
        );
        app.Browser.Cookies[Name] = "foreign";

        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
        Assert.That(app.Rejected, Has.Count.EqualTo(1), "the other handlers are called");
    }

    private static CookieSessionRejectedContext Rejected(CookieSessionRejection reason, string name = "visit") =>
        new() { Name = name, Reason = reason };

    private void Record(CookieSessionOptions options) =>
        options.OnRejected += rejected =>
        {
            _app.Rejected.Add(rejected);
            return ValueTask.CompletedTask;
        };

    private async Task<string> IssueAsync()
    {
        await _app.Browser.SendAsync("POST", "/set/1");
        Assert.That(await ReadAsync(), Is.EqualTo("visit 1"));
        return _app.Browser.Cookies[Name];
    }

    private async Task<string> ReadAsync()
    {
        using var response = await _app.Browser.SendAsync("GET", "/");
        response.EnsureSuccessStatusCode();
        return await response.TextAsync();
    }
}
