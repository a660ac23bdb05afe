using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class EventTests
{
    private readonly List<object> _events = [];

    [SetUp]
    public void Reset() => _events.Clear();

    [Test]
    public async Task The_end_of_a_session_names_the_session_that_caused_it()
    {
        await using var app = await StartAsync();
        var (first, second) = (await app.SignInAsync(), await app.SignInAsync());

        await SendAsync(app, "DELETE", $"/sessions/{first.Session.Id}", second.Token);
        await SendAsync(app, "DELETE", "/sessions/current", second.Token);

        Assert.That(
            _events.OfType<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason, end.Actor)),
            Is.EqualTo([
                (first.Session.Id, SessionEndReason.OtherDevice, second.Session.Id),
                (second.Session.Id, SessionEndReason.SignedOut, second.Session.Id),
            ])
        );
    }

    [Test]
    public async Task Signing_in_again_reports_the_old_session_as_replaced()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        await SendAsync(app, "POST", "/login", ann.Token);

        Assert.That(
            _events.Skip(1).Select(told => told.GetType()),
            Is.EqualTo([typeof(SessionCreatedContext), typeof(SessionEndedContext)])
        );
        Assert.That(_events.OfType<SessionEndedContext>().Single().Reason, Is.EqualTo(SessionEndReason.Replaced));
    }

    [Test]
    public async Task A_visitor_who_signs_in_is_reported_differently_from_a_replaced_user()
    {
        await using var app = await StartAsync();
        var visitor = await app.Manager.StartVisitorAsync();

        await SendAsync(app, "POST", "/login", visitor.Token);

        Assert.That(_events.OfType<SessionEndedContext>().Single().Reason, Is.EqualTo(SessionEndReason.SignedIn));
    }

    [Test]
    public async Task A_stolen_copy_is_reported_with_the_end_of_its_session()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var rotated = await app.SendAsync("GET", "/", ann.Token);
        await SendAsync(app, "GET", "/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(app, "GET", "/", rotated.Token());
        app.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));

        await SendAsync(app, "GET", "/", ann.Token, ("User-Agent", "curl/8.5.0"));

        Assert.That(
            _events.Skip(1).Select(told => told.GetType()),
            Is.EqualTo([
                typeof(SessionRotatedContext),
                typeof(CopyDetectedContext),
                typeof(SessionEndedContext),
                typeof(TokenRejectedContext),
            ])
        );
        Assert.That(_events.OfType<SessionEndedContext>().Single().Reason, Is.EqualTo(SessionEndReason.Copied));
    }

    [Test]
    public async Task A_handler_that_throws_fails_no_request()
    {
        await using var app = await StartAsync(events => events.OnCreated += _ => throw new InvalidOperationException("No mail server."));

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await app.GetAsync("/", response.Token()), Is.EqualTo("in"));
    }

    private static async Task SendAsync(SessionApp app, string method, string path, SessionToken token, params (string, string)[] headers)
    {
        using var response = await app.SendAsync(method, path, token, headers);
        await response.TextAsync();
    }

    private ValueTask Record(object what)
    {
        _events.Add(what);
        return ValueTask.CompletedTask;
    }

    private Task<SessionApp> StartAsync(Action<SessionEvents>? more = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapGet("/", () => "in").RequireSession();
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey).PublicSession();
                app.MapSessions("/sessions");
            },
            options: o =>
            {
                o.Events.OnCreated += Record;
                o.Events.OnEnded += Record;
                o.Events.OnRotated += Record;
                o.Events.OnTokenRejected += Record;
                o.Events.OnCopyDetected += Record;
                more?.Invoke(o.Events);
            }
        );
}
