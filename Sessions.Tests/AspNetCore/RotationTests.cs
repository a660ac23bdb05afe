using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

[TestFixture(false)]
[TestFixture(true)]
public sealed partial class RotationTests(bool cached)
{
    private static readonly TimeSpan RotateAfter = TimeSpan.FromHours(1);

    [TestCase("/")]
    [TestCase("/empty")]
    [TestCase("/stream")]
    [TestCase("/flush")]
    [TestCase("/cacheable")]
    public async Task When_rotation_is_due_any_response_brings_a_new_cookie_and_is_not_cacheable(string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);

        using var response = await app.SendAsync("GET", path, ann.Token);
        await response.TextAsync();

        Assert.That(response.IsSuccessStatusCode, Is.True);
        Assert.That(response.Token(), Is.Not.EqualTo(ann.Token));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("in"));
    }

    [Test]
    public async Task Before_it_is_due_no_cookie_is_set()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter - TimeSpan.FromMilliseconds(1));

        using var response = await app.SendAsync("GET", "/", ann.Token);

        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task Of_thirty_requests_at_once_all_succeed_and_one_gets_the_cookie()
    {
        var meeting = new AsyncBarrier(30);
        await using var app = await StartAsync(app => app.MapGet("/meet", () => meeting.SignalAndWaitAsync()).RequireSession());
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);

        var responses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.SendAsync("GET", "/meet", ann.Token)));

        Assert.That(responses.Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
        var winner = responses.Single(response => response.SetCookies().Count > 0);
        Assert.That(await app.GetAsync("/", winner.Token()), Is.EqualTo("in"));
    }

    [Test]
    public async Task The_old_cookie_is_good_for_a_grace_and_gets_nothing()
    {
        await using var app = await StartAsync();
        var (old, next) = await RotateAsync(app);
        await ConfirmAsync(app, next);
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        using var response = await app.SendAsync("GET", "/", old);

        Assert.That(await response.TextAsync(), Is.EqualTo("in"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_stolen_cookie_that_is_used_by_either_later_ends_the_session_for_both(bool thiefComesFirst)
    {
        await using var app = await StartAsync();
        var (old, next) = await RotateAsync(app);
        var (first, second) = thiefComesFirst ? (old, next) : (next, old);
        await ConfirmAsync(app, next);
        app.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));
        await app.GetAsync("/", first);
        await app.GetAsync("/", second);

        using var afterwards = await app.SendAsync("GET", "/", next);
        using var thief = await app.SendAsync("GET", "/", old);

        Assert.That((int)afterwards.StatusCode, Is.EqualTo(401));
        Assert.That((int)thief.StatusCode, Is.EqualTo(401));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task A_response_that_is_aborted_loses_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);

        Assert.That(() => app.SendAsync("GET", "/abort", ann.Token), Throws.Exception);

        app.Clock.Advance(TimeSpan.FromSeconds(61));
        using var response = await app.SendAsync("GET", "/", ann.Token);
        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_browser_that_hangs_up_while_its_secret_is_replaced_loses_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);
        using var hold = app.Store.Hold(StoreOperations.Update, FaultMoment.AfterTheCall);
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"__Host-sid={ann.Token.Reveal()}");

        var answer = app.Client.SendAsync(request, hangUp.Token);
        await hold.Arrived.WaitAsync(TimeSpan.FromSeconds(30));
        await hangUp.CancelAsync();
        hold.Release();

        Assert.That(() => answer, Throws.InstanceOf<OperationCanceledException>());
        app.Clock.Advance(TimeSpan.FromHours(3));
        using var response = await app.SendAsync("GET", "/", ann.Token);
        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_response_that_was_lost_is_made_good_by_a_later_one()
    {
        await using var app = await StartAsync();
        var (old, lost) = await RotateAsync(app);
        using var soon = await app.SendAsync("GET", "/", old);
        app.Clock.Advance(TimeSpan.FromSeconds(61));

        using var later = await app.SendAsync("GET", "/", old);

        Assert.That(soon.SetCookies(), Is.Empty, "The answer may only be slow.");
        Assert.That(later.Token(), Is.EqualTo(lost), "The same token once more.");
        Assert.That(await app.GetAsync("/", later.Token()), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_rotation_that_fails_does_not_fail_the_request()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);
        app.Store.Fail(StoreOperations.Update | StoreOperations.Touch);

        using var response = await app.SendAsync("GET", "/", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("in"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_cookie_rotates_on_demand_too()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/rotate", ann.Token);

        Assert.That(response.Token().Reveal(), Is.EqualTo(await response.TextAsync()).And.Not.EqualTo(ann.Token.Reveal()));
        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("in"));
    }

    private static async Task<(SessionToken Old, SessionToken Next)> RotateAsync(SessionApp app)
    {
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);
        using var response = await app.SendAsync("GET", "/", ann.Token);
        return (ann.Token, response.Token());
    }

    /// <summary>The browser shows its new cookie, and a minute later, when it certainly has it on disk, again.</summary>
    private static async Task ConfirmAsync(SessionApp app, SessionToken token)
    {
        await app.GetAsync("/", token);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.GetAsync("/", token);
    }

    private Task<SessionApp> StartAsync(Action<WebApplication>? more = null) =>
        SessionApp.StartAsync(
            app =>
            {
                var required = app.MapGroup("").RequireSession();
                required.MapGet("/", () => "in");
                required.MapGet("/empty", () => Results.NoContent());
                required.MapGet(
                    "/stream",
                    async (HttpContext http) =>
                    {
                        for (var i = 0; i < 3; i++)
                        {
                            await http.Response.WriteAsync("part");
                            await http.Response.Body.FlushAsync();
                        }
                    }
                );
                required.MapGet("/flush", (HttpContext http) => http.Response.StartAsync());
                required.MapGet(
                    "/cacheable",
                    (HttpContext http) =>
                    {
                        http.Response.Headers.CacheControl = "private, max-age=600";
                        return "in";
                    }
                );
                required.MapGet("/abort", (HttpContext http) => http.Abort());
                required.MapPost("/rotate", async Task<string?> (HttpContext http) => (await http.RotateSessionAsync())?.Reveal());
                more?.Invoke(app);
            },
            h => h.AllowBearerTokens = true,
            o => o.Cache = cached ? new() : null
        );
}
