using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sessions.Tests.Servers;

/// <summary>Stands between a store and its server: counts round trips, and can withhold what the server says.</summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<TcpClient> _sockets = [];
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly Task _accepting;
    private TaskCompletionSource? _heldConnections;
    private int _roundTrips;
    private int _connections;
    private int _silenced;

    public PostgresProxy(string connectionString)
    {
        _target = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How often a client has said something after the server had its say.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>The connection string by way of this proxy.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_target.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;

    /// <summary>
    /// From now on what the server says on the connections there are is lost. The task ends when it has said something: it has worked on
    /// what it was told.
    /// </summary>
    public Task HoldResponses()
    {
        _heldConnections = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _silenced = Volatile.Read(ref _connections);
        return _heldConnections.Task;
    }

    /// <summary>Cuts every connection. New ones are whole.</summary>
    public void CloseConnections()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        CloseConnections();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        var number = Interlocked.Increment(ref _connections);
        _sockets.Add(client);
        _sockets.Add(server);
        try
        {
            await server.ConnectAsync(_target.Host!, _target.Port, _stopping.Token);
            var answered = 1;
            var asking = PumpAsync(
                client,
                server,
                () =>
                {
                    Interlocked.Add(ref _roundTrips, Interlocked.Exchange(ref answered, 0));
                    return true;
                }
            );
            var answering = PumpAsync(
                server,
                client,
                () =>
                {
                    Volatile.Write(ref answered, 1);
                    return number > _silenced || _heldConnections?.TrySetResult() is null;
                }
            );
            await Task.WhenAny(asking, answering);
            client.Dispose();
            server.Dispose();
            await Task.WhenAll(asking, answering);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side hung up, which the other learns by the closing.
            client.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> canForward)
    {
        var (source, target) = (from.GetStream(), to.GetStream());
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, _stopping.Token)) > 0)
        {
            if (canForward())
            {
                await target.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
    }
}
