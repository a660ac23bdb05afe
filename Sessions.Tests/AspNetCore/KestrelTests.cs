using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.AspNetCore;

namespace Sessions.Tests.AspNetCore;

/// <summary>What depends on a real server and a real connection.</summary>
public sealed class KestrelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private sealed class EchoHub : Hub;

    [Test]
    public async Task Once_the_response_has_started_init_throws_before_any_store_call()
    {
        var thrown = new TaskCompletionSource<Exception?>();
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.Response.WriteAsync("begun");
                        await http.Response.Body.FlushAsync();
                        thrown.SetResult(await Assert.CatchAsync(async () => await http.InitSessionAsync("ann")));
                    }
                ),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await thrown.Task.WaitAsync(Patience), Is.TypeOf<InvalidOperationException>());
        Assert.That(app.Store.Calls, Is.Empty);
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task Once_the_response_has_started_revoking_still_revokes()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            await http.Response.WriteAsync("begun ");
                            await http.Response.Body.FlushAsync();
                            await http.Response.WriteAsync($"{await http.RevokeSessionAsync()}");
                        }
                    )
                    .RequireSession(),
            kestrel: true
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("begun True"));
        Assert.That(await app.Manager.FetchAllAsync("ann"), Is.Empty);
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_client_that_disconnects_does_not_cancel_a_revocation()
    {
        var aborted = new TaskCompletionSource();
        var revoked = new TaskCompletionSource<bool>();
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            http.RequestAborted.Register(aborted.SetResult);
                            revoked.SetResult(await http.RevokeSessionAsync());
                        }
                    )
                    .RequireSession(),
            kestrel: true
        );
        var ann = await app.SignInAsync();
        using var client = new CancellationTokenSource();
        app.Store.BeforeDelete = async () =>
        {
            await client.CancelAsync();
            await aborted.Task.WaitAsync(Patience);
        };

        using var request = new HttpRequestMessage(HttpMethod.Post, "/logout");
        request.Headers.Add("Cookie", $"__Host-sid={ann.Token.Reveal()}");
        await Assert.CatchAsync<OperationCanceledException>(() => app.Client.SendAsync(request, client.Token));

        Assert.That(await revoked.Task.WaitAsync(Patience), Is.True);
        Assert.That(await app.Manager.FetchAllAsync("ann"), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_foreign_sign_in_without_any_filter_is_answered_with_403(bool exceptionHandler)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                if (exceptionHandler)
                {
                    app.UseExceptionHandler();
                }

                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                    }
                );
            },
            services: services => services.AddProblemDetails(),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(app.Store.Calls, Is.Empty);
    }

    [Test]
    public async Task The_cookie_is_set_although_the_handler_writes_no_body()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                        http.Response.StatusCode = StatusCodes.Status204NoContent;
                    }
                ),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That((await app.Manager.FetchAllAsync("ann")).Single().Id, Is.EqualTo(response.Token().Id));
    }

    [Test]
    public async Task A_cookie_survives_the_error_page_of_what_failed_after_it()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseExceptionHandler(handler => handler.Run(http => http.Response.WriteAsync("sorry")));
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            await http.RevokeSessionAsync();
                            throw new InvalidOperationException("afterwards");
                        }
                    )
                    .RequireSession();
            },
            kestrel: true
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Clears(), Is.True);
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [TestCase(null, null, "401")]
    [TestCase("ann", null, "open")]
    [TestCase("ann", "https://evil.example", "403")]
    public async Task A_WebSocket_opens_for_a_session_from_the_own_origin(string? user, string? origin, string expected)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseWebSockets();
                app.MapGet(
                        "/socket",
                        async (HttpContext http) =>
                        {
                            using var socket = await http.WebSockets.AcceptWebSocketAsync();
                            await socket.SendAsync(
                                Encoding.UTF8.GetBytes(http.GetSession()!.UserKey!),
                                WebSocketMessageType.Text,
                                true,
                                default
                            );
                            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
                        }
                    )
                    .RequireSession();
            },
            kestrel: true
        );
        var ann = await app.SignInAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (user is not null)
        {
            socket.Options.SetRequestHeader("Cookie", $"__Host-sid={ann.Token.Reveal()}");
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        Assert.That(await ConnectAsync(), Is.EqualTo(expected));

        async Task<string> ConnectAsync()
        {
            try
            {
                await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/socket" }.Uri, default);
                var buffer = new byte[16];
                var received = await socket.ReceiveAsync(buffer.AsMemory(), default);
                Assert.That(Encoding.UTF8.GetString(buffer, 0, received.Count), Is.EqualTo(user));
                return "open";
            }
            catch (WebSocketException)
            {
                return $"{(int)socket.HttpStatusCode}";
            }
        }
    }

    [Test]
    public async Task A_hub_is_negotiated_with_a_session_only()
    {
        await using var app = await SessionApp.StartAsync(
            app => app.MapHub<EchoHub>("/hub").RequireSession(),
            services: services => services.AddSignalR(),
            kestrel: true
        );
        var ann = await app.SignInAsync();

        using var stranger = await app.SendAsync("POST", "/hub/negotiate?negotiateVersion=1");
        using var known = await app.SendAsync("POST", "/hub/negotiate?negotiateVersion=1", ann.Token);
        using var foreign = await app.SendAsync("POST", "/hub/negotiate?negotiateVersion=1", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
}
