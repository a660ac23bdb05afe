using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sessions.Tests.Demo;

/// <summary>
/// The Chrome DevTools protocol, as far as a walk through a few pages needs it: numbered calls and their answers, and events.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _calls = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _events = new();
    private readonly CancellationTokenSource _closed = new();
    private Task _reading = Task.CompletedTask;
    private int _last;

    private DevTools() { }

    public static async Task<DevTools> ConnectAsync(Uri address)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(address, CancellationToken.None);
        tools._reading = tools.ReadAsync();
        return tools;
    }

    /// <summary>Calls a method of the browser, or of the page that a session was attached to.</summary>
    public async Task<JsonNode> CallAsync(string method, JsonObject? parameters, string? session, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters ?? [],
        };
        if (session is not null)
        {
            call["sessionId"] = session;
        }

        await _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(call),
            WebSocketMessageType.Text,
            endOfMessage: true,
            cancellationToken
        );
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes with the next event of a name on the page that a session was attached to.</summary>
    public Task NextAsync(string name, string session, CancellationToken cancellationToken) =>
        (_events[EventKey(name, session)] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _reading;
        _socket.Dispose();
        _closed.Dispose();
    }

    private static string EventKey(string name, string? session) => $"{name} {session}";

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadMessageAsync() is { } message)
            {
                if ((int?)message["id"] is { } id && _calls.TryRemove(id, out var call))
                {
                    Answer(call, message);
                }
                else if (
                    (string?)message["method"] is { } name
                    && _events.TryRemove(EventKey(name, (string?)message["sessionId"]), out var awaited)
                )
                {
                    awaited.SetResult();
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The browser was closed or killed. Whoever still waits for it has a limit of his own.
        }
    }

    private static void Answer(TaskCompletionSource<JsonNode> call, JsonNode message)
    {
        if (message["result"] is { } result)
        {
            call.SetResult(result);
        }
        else
        {
            call.SetException(new InvalidOperationException($"Chromium: {message["error"]?.ToJsonString()}"));
        }
    }

    private async Task<JsonNode?> ReadMessageAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _closed.Token);
            message.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);

        return part.MessageType == WebSocketMessageType.Close ? null : JsonNode.Parse(message.ToArray());
    }
}
