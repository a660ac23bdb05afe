using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Caching;

/// <summary>Requests that last, with real clients on a real connection: they end with their session.</summary>
public sealed class LongRequestTests
{
    [Test]
    public async Task Server_sent_events_end_with_their_session()
    {
        await using var app = await StartAsync();
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));
        using var response = await app.SendAsync("GET", "/events", ann.Token);
        using var bystander = await app.SendAsync("GET", "/events", bob.Token);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var others = new StreamReader(await bystander.Content.ReadAsStreamAsync());
        Assert.That(await events.ReadLineAsync(), Is.EqualTo("data: ann"));

        await app.Administration.RevokeAllAsync("ann");

        await events.ReadToEndAsync().WaitAsync(RevocationWatcherFixture.Timeout);
        Assert.That(await others.ReadLineAsync(), Is.EqualTo("data: bob"));
        Assert.That(others.ReadToEndAsync().IsCompleted, Is.False);
    }

    [Test]
    public async Task A_WebSocket_is_closed_when_its_session_ends()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", CookieOf(ann));
        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/socket" }.Uri, default);
        var receiving = socket.ReceiveAsync(new byte[16].AsMemory(), default).AsTask();

        await app.Administration.RevokeAllAsync("ann");

        Assert.That((await receiving.WaitAsync(RevocationWatcherFixture.Timeout)).MessageType, Is.EqualTo(WebSocketMessageType.Close));
        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.PolicyViolation));
    }

    [TestCase(HttpTransportType.WebSockets)]
    [TestCase(HttpTransportType.ServerSentEvents)]
    [TestCase(HttpTransportType.LongPolling)]
    public async Task A_hub_s_connection_is_closed_when_its_session_ends(HttpTransportType transport)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await using var client = new HubConnectionBuilder()
            .WithUrl(new Uri(app.Address, "/hub"), transport, http => http.Headers["Cookie"] = CookieOf(ann))
            .Build();
        var closed = new TaskCompletionSource();
        client.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };
        await client.StartAsync();
        Assert.That(await client.InvokeAsync<string>("Id"), Is.EqualTo(client.ConnectionId));

        await app.Administration.RevokeAllAsync("ann");

        await closed.Task.WaitAsync(RevocationWatcherFixture.Timeout);
    }

    [TestCase(HttpTransportType.WebSockets)]
    [TestCase(HttpTransportType.LongPolling)]
    public async Task Repeated_calls_in_a_hub_register_once(HttpTransportType transport)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await using var client = new HubConnectionBuilder()
            .WithUrl(new Uri(app.Address, "/hub"), transport, http => http.Headers["Cookie"] = CookieOf(ann))
            .Build();
        await client.StartAsync();
        app.ResetStoreCalls();

        Assert.That(await client.InvokeAsync<int>("CountTokens", 100), Is.EqualTo(1));

        Assert.That(app.StoreCalls, Is.LessThan(50), "Polls ask too, but not so often.");
    }

    [Test]
    public async Task After_the_request_no_registration_remains()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        using (await app.SendAsync("GET", "/brief", ann.Token)) { }
        app.ResetStoreCalls();

        app.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(app.StoreCalls, Is.Zero);
    }

    [Test]
    public async Task A_request_that_does_not_register_costs_nothing()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using (await app.SendAsync("GET", "/plain", ann.Token)) { }

        Assert.That(app.StoreCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_session_the_token_cannot_be_cancelled_and_after_the_own_end_it_is_cancelled()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/public"), Is.EqualTo("False False"));
        Assert.That(await app.GetAsync("/leave", ann.Token), Is.EqualTo("False True True"));
    }

    [Test]
    public async Task Without_a_filter_a_registration_throws()
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("GET", "/unfiltered");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseWebSockets();
                app.MapGet("/events", EventsAsync).RequireSession();
                app.MapGet("/socket", SocketAsync).RequireSession();
                app.MapHub<RevocationHub>("/hub").RequireSession();
                app.MapGet("/brief", (HttpContext http) => $"{http.SessionRevoked().IsCancellationRequested}").RequireSession();
                app.MapGet("/plain", () => "").RequireSession();
                app.MapGet(
                        "/public",
                        (HttpContext http) => $"{http.SessionRevoked().CanBeCanceled} {http.SessionRevoked().IsCancellationRequested}"
                    )
                    .PublicSession();
                app.MapGet("/leave", (Delegate)AbortAsync).RequireSession();
                app.MapGet("/unfiltered", (HttpContext http) => $"{http.SessionRevoked().CanBeCanceled}");
            },
            services: services => services.AddSignalR(),
            kestrel: true
        );

    private static string CookieOf(IssuedSession issued) => $"{SessionHttpOptions.DefaultCookieName}={issued.Token.Reveal()}";

    private static async Task EventsAsync(HttpContext http)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, http.SessionRevoked());
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync($"data: {http.GetSession()!.UserKey}\n\n", end.Token);
        await http.Response.Body.FlushAsync(end.Token);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await Task.Delay(Timeout.Infinite, http.SessionRevoked()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "signed out", default);
    }

    private static async Task<string> AbortAsync(HttpContext http)
    {
        var before = http.SessionRevoked();
        var ended = before.IsCancellationRequested;
        await http.RevokeSessionAsync();
        await RevocationWatcherFixture.WaitForCancellationAsync(before);
        return $"{ended} {before.IsCancellationRequested} {http.SessionRevoked().IsCancellationRequested}";
    }

    private sealed class RevocationHub : Hub
    {
        public override Task OnConnectedAsync()
        {
            Context.SessionRevoked().UnsafeRegister(static hub => ((HubCallerContext)hub!).Abort(), Context);
            return base.OnConnectedAsync();
        }

        public string Id() => Context.ConnectionId;

        public int CountTokens(int times) => Enumerable.Range(0, times).Select(_ => Context.SessionRevoked()).Distinct().Count();
    }
}
