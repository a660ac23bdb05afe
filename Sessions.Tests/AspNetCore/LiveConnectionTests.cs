using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class LiveConnectionTests
{
    private sealed class EchoHub : Hub;

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
