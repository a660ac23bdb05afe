using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;

namespace Sessions.Tests.Servers;

/// <summary>Stands between a driver and one Redis server: counts commands, and can keep the answers back.</summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly int _serverPort;
    private volatile TaskCompletionSource _responseHold = WaitForReleaseAsync();
    private TaskCompletionSource _secondConnectionHold = WaitForReleaseAsync();
    private Task _accepting = Task.CompletedTask;

    private RedisProxy(int serverPort)
    {
        _serverPort = serverPort;
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>The names of the commands of applications that were sent, without what drivers send on their own.</summary>
    public IReadOnlyList<string> Commands =>
        [.. _commands.Where(static command => command is "GET" or "MGET" or "ZSCAN" or "EVAL" or "EVALSHA")];

    /// <summary>Told of each command once it was passed on.</summary>
    public event Action<string>? ForwardedCount;

    public static RedisProxy Start(int serverPort)
    {
        var proxy = new RedisProxy(serverPort);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Waits until so many commands of applications were passed on.</summary>
    public async Task WaitForForwardedAsync(int count)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ForwardedCount += _ => Look();
        Look();
        await enough.Task.WaitAsync(TestContext.CurrentContext.CancellationToken);

        void Look()
        {
            if (Commands.Count >= count)
            {
                enough.TrySetResult();
            }
        }
    }

    public void ClearCommands() => _commands.Clear();

    /// <summary>Keeps the answers of the server back until <see cref="ReleaseResponses"/>.</summary>
    public void HoldResponses() => _responseHold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Keeps back what the server says on the second connection, as if that one came late. To be called before there is one; until
    /// <see cref="ReleaseResponses"/>.
    /// </summary>
    public void HoldSecondConnection() => _secondConnectionHold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseResponses()
    {
        _responseHold.TrySetResult();
        _secondConnectionHold.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        ReleaseResponses();
        await _accepting;
    }

    private static TaskCompletionSource WaitForReleaseAsync()
    {
        var released = new TaskCompletionSource();
        released.SetResult();
        return released;
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                connections.Add(ServeAsync(client, connections.Count == 1 ? _secondConnectionHold.Task : Task.CompletedTask));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client, Task responding)
    {
        _clients.Add(client);
        using var server = new TcpClient();
        _clients.Add(server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            await Task.WhenAny(ForwardCommandsAsync(client, server), ForwardResponsesAsync(server, client, responding));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Either side hung up, and so does the proxy.
        }

        client.Dispose();
    }

    private async Task ForwardCommandsAsync(TcpClient client, TcpClient server)
    {
        var input = new BufferedStream(client.GetStream());
        while (await ReadCommandAsync(input) is { } command)
        {
            _commands.Enqueue(command.Name);
            await server.GetStream().WriteAsync(command.Bytes);
            ForwardedCount?.Invoke(command.Name);
        }
    }

    private async Task ForwardResponsesAsync(TcpClient server, TcpClient client, Task answering)
    {
        await answering;
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await server.GetStream().ReadAsync(buffer)) > 0)
        {
            await _responseHold.Task;
            await client.GetStream().WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task<(string Name, byte[] Bytes)?> ReadCommandAsync(Stream input)
    {
        var bytes = new MemoryStream();
        if (await ReadLineAsync(input, bytes) is not { Length: > 0 } head)
        {
            return null;
        }

        var name = "";
        for (var part = 0; part < Number(head); part++)
        {
            var text = new byte[Number(await ReadLineAsync(input, bytes) ?? throw new IOException()) + 2];
            await input.ReadExactlyAsync(text);
            bytes.Write(text);
            name = part == 0 ? Encoding.ASCII.GetString(text).Trim().ToUpperInvariant() : name;
        }

        return (name, bytes.ToArray());
    }

    private static async Task<string?> ReadLineAsync(Stream input, MemoryStream bytes)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await input.ReadAsync(one) == 1)
        {
            bytes.Write(one);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    private static int Number(string line) => int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
}
