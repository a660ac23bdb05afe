using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.AspNetCore;

/// <summary>A new visitor's cookie takes the place of what the browser holds: so none is set while that may open something.</summary>
public sealed class VisitorBeginTests
{
    private static readonly (string, string) s_poll = ("Accept", "*/*");

    private Func<Session, string?> _loadUser = static session => session.UserKey;

    [SetUp]
    public void Reset() => _loadUser = static session => session.UserKey;

    [TestCase("unknown", true)]
    [TestCase("expired", true)]
    [TestCase("wrong", true)]
    [TestCase("replaced", false)]
    [TestCase("late", false)]
    [TestCase("damaged", false)]
    [TestCase("client changed", false)]
    [TestCase("user unknown", false)]
    [TestCase("user not loaded", false)]
    [TestCase("store down", false)]
    public async Task A_poll_begins_a_visitors_session_only_where_the_browser_has_none(string shown, bool begins)
    {
        await using var app = await StartAsync(o =>
            o.Binding.UserAgent = shown == "client changed" ? ClientBindingUserAgentMode.Exact : ClientBindingUserAgentMode.Any
        );
        var cookie = await ShowAsync(app, shown);

        using var response = await app.SendAsync("POST", "/cart", null, ("Cookie", $"__Host-sid={cookie}"), s_poll);

        Assert.That(response.SetCookies(), Has.Count.EqualTo(begins ? 1 : 0), await response.TextAsync());
        if (shown != "store down")
        {
            Assert.That(await response.TextAsync(), Is.EqualTo(begins ? "true" : "false"));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task A_visitors_late_save_beside_the_sign_in_leaves_the_cookie_of_the_sign_in_alone(int saves)
    {
        SessionApp? app = null;
        SessionToken visitor = default;
        app = await StartAsync(map: map =>
            map.MapPost(
                    "/slow",
                    async (HttpContext http) =>
                    {
                        // The sign-in of another tab is through before this page saves.
                        using var login = await app!.SendAsync("POST", "/login", visitor);
                        var stored = false;
                        for (var i = 0; i < saves; i++)
                        {
                            stored |= await http.SetSessionValueAsync("cart", "tea");
                        }

                        return $"{stored} {http.GetSessionRejection()}";
                    }
                )
                .PublicSession()
        );
        await using var _ = app;
        visitor = (await app.Manager.StartVisitorAsync()).Token;

        using var response = await app.SendAsync("POST", "/slow", visitor);

        Assert.That(await response.TextAsync(), Is.EqualTo("False Replaced"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [TestCase(
        "POST",
        "cross-site",
        "navigate",
        false,
        Description = "the callback of an identity provider, to which no lax cookie is sent"
    )]
    [TestCase("GET", "cross-site", "no-cors", false, Description = "an image on another site")]
    [TestCase("GET", "cross-site", "navigate", true, Description = "a link, with which a lax cookie is sent")]
    [TestCase("GET", "same-site", "no-cors", true)]
    public async Task Where_the_browser_holds_a_lax_cookie_back_no_session_begins(string method, string site, string mode, bool begins)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync(
            method,
            "/start",
            null,
            ("Sec-Fetch-Site", site),
            ("Sec-Fetch-Mode", mode),
            ("Sec-Fetch-Dest", mode == "navigate" ? "document" : "image")
        );

        Assert.That(response.SetCookies(), Has.Count.EqualTo(begins ? 1 : 0));
    }

    [Test]
    public async Task A_sign_out_of_the_sessions_endpoint_works_with_a_late_token_and_takes_the_cookie_back()
    {
        await using var app = await StartAsync();
        var old = await GetLateTokenAsync(app);

        using var response = await app.SendAsync("DELETE", "/sessions/current", old);

        Assert.That((int)response.StatusCode, Is.EqualTo(204));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task A_sign_out_everywhere_with_a_late_token_ends_its_own_session_only()
    {
        await using var app = await StartAsync();
        var old = await GetLateTokenAsync(app);
        var phone = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout-all", old);

        Assert.That(await response.TextAsync(), Is.EqualTo("1"));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(phone.Session.Id));
    }

    /// <summary>What the cookie holds.</summary>
    private async Task<string> ShowAsync(SessionApp app, string shown)
    {
        switch (shown)
        {
            case "replaced":
                var visitor = await app.Manager.StartVisitorAsync();
                await app.Manager.InitAsync("ann", new SessionInit { ReplacedToken = visitor.Token });
                return visitor.Token.Reveal();
            case "late":
                return (await GetLateTokenAsync(app)).Reveal();
        }

        var ann = await app.SignInAsync(
            init: new SessionInit
            {
                Client = shown == "client changed" ? new ClientInfo { UserAgentHash = Sha256Hash.Compute("Lynx"u8) } : ClientInfo.Unknown,
            }
        );
        switch (shown)
        {
            case "unknown":
                await app.Administration.RevokeAsync(ann.Session.Id);
                break;
            case "expired":
                app.Clock.Advance(TimeSpan.FromDays(2));
                break;
            case "wrong":
                return ForgedToken.Create(ann.Session.Id).Reveal();
            case "damaged":
                return ann.Token.Reveal()[..^1];
            case "user unknown":
                _loadUser = static _ => null;
                break;
            case "user not loaded":
                _loadUser = static _ => throw new InvalidOperationException();
                break;
            case "store down":
                app.Store.Fail(StoreOperations.Fetch);
                break;
        }

        return ann.Token.Reveal();
    }

    private static async Task<SessionToken> GetLateTokenAsync(SessionApp app)
    {
        var old = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var rotated = await app.SendAsync("GET", "/", old.Token);
        await app.GetAsync("/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.GetAsync("/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        return old.Token;
    }

    private Task<SessionApp> StartAsync(Action<SessionUpOptions>? options = null, Action<WebApplication>? map = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapPost("/cart", (HttpContext http) => http.SetSessionValueAsync("cart", "tea")).PublicSession();
                app.MapMethods("/start", ["GET", "POST"], async (HttpContext http) => await http.StartVisitorSessionAsync() is not null)
                    .AllowCrossOriginSession();
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
                app.MapPost("/logout-all", (HttpContext http) => http.RevokeAllSessionsAsync()).PublicSession();
                app.MapGet("/", () => "").PublicSession();
                app.MapSessions("/sessions");
                map?.Invoke(app);
            },
            options: options,
            services: services => services.AddSessionUp().LoadUser<string>((session, _, _) => new(_loadUser(session)))
        );
}
