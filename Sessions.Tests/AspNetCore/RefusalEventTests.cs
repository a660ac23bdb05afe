using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>Every refusal is an event with its reason, also before the store is read.</summary>
public sealed class RefusalEventTests
{
    private readonly List<(SessionId? Id, SessionRejection Reason)> _refusals = [];

    [SetUp]
    public void Forget() => _refusals.Clear();

    [TestCase("/required")]
    [TestCase("/public")]
    public async Task What_is_no_token_is_reported_without_a_session(string path)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", path, null, ("Cookie", "__Host-sid=x"));

        Assert.That(_refusals, Is.EqualTo(new[] { ((SessionId?)null, SessionRejection.MalformedToken) }));
        Assert.That(app.StoreCalls, Is.Zero);
    }

    [TestCase("POST", "/required", SessionRejection.CrossOrigin)]
    [TestCase("GET", "/fresh", SessionRejection.Reauthenticate)]
    public async Task What_the_request_or_the_endpoint_refuses_is_reported_with_the_session(
        string method,
        string path,
        SessionRejection reason
    )
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        using var response = await app.SendAsync(method, path, ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(_refusals, Is.EqualTo(new[] { ((SessionId?)ann.Session.Id, reason) }));
    }

    [TestCase("/required")]
    [TestCase("/public")]
    public async Task An_outage_is_reported(string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("GET", path, ann.Token);

        Assert.That(_refusals.Select(static refusal => refusal.Reason), Is.EqualTo(new[] { SessionRejection.StoreUnavailable }));
    }

    [Test]
    public async Task What_the_store_does_not_know_is_reported_once()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);

        using var response = await app.SendAsync("GET", "/required", ann.Token);

        Assert.That(_refusals.Select(static refusal => refusal.Reason), Is.EqualTo(new[] { SessionRejection.Unknown }));
    }

    [Test]
    public async Task A_sign_in_from_a_foreign_origin_is_reported()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", "/login", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(_refusals, Is.EqualTo(new[] { ((SessionId?)null, SessionRejection.CrossOrigin) }));
    }

    [TestCase(false, "/required", 0)]
    [TestCase(true, "/required", 1)]
    [TestCase(true, "/public", 0)]
    public async Task A_request_without_a_token_is_reported_if_asked_for_where_a_session_is_required(bool asked, string path, int count)
    {
        await using var app = await StartAsync(events => events.ReportsMissingTokens = asked);

        using var response = await app.SendAsync("GET", path);

        Assert.That(_refusals, Is.EqualTo(Enumerable.Repeat(((SessionId?)null, SessionRejection.NoToken), count)));
    }

    private Task<SessionApp> StartAsync(Action<SessionEvents>? more = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseSessionUp();
                app.MapMethods("/required", ["GET", "POST"], () => "in").RequireSession();
                app.MapGet("/public", () => "in").PublicSession();
                app.MapGet("/fresh", () => "in").RequireSession(maxAge: TimeSpan.FromMinutes(5));
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                    }
                );
            },
            options: o =>
            {
                o.Events.OnTokenRejected += refused =>
                {
                    _refusals.Add((refused.Id, refused.Reason));
                    return ValueTask.CompletedTask;
                };
                more?.Invoke(o.Events);
            }
        );
}
