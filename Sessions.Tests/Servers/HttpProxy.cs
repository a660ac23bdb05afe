using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sessions.Tests.Servers;

/// <summary>
/// Stands between a browser and an application: passes on every byte as it is, records what was sent, and can keep the response to a
/// request back, for a while or for good.
/// </summary>
internal sealed class HttpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly ConcurrentDictionary<string, HeldResponse> _holds = new();
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Uri _application;
    private Task _accepting = Task.CompletedTask;

    private HttpProxy(Uri application)
    {
        _application = application;
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>What browsers have sent to a target so far, in order.</summary>
    public IReadOnlyList<ProxiedRequest> RequestsTo(string target) => [.. _requests.Where(request => request.Target == target)];

    public static HttpProxy Start(Uri application)
    {
        var proxy = new HttpProxy(application);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Keeps back the response to the next request with this method and target, once the application has answered it.</summary>
    public HeldResponse HoldNext(string method, string target) => _holds[$"{method} {target}"] = new();

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient browser)
    {
        using var application = new TcpClient();
        _connections.Add(browser);
        _connections.Add(application);
        try
        {
            await application.ConnectAsync(IPAddress.Loopback, _application.Port);
            var connection = new Connection(this, browser.GetStream(), application.GetStream());
            await await Task.WhenAny(connection.ForwardRequestsAsync(), connection.ForwardResponsesAsync());
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side hung up, and so does the proxy.
        }

        browser.Dispose();
    }

    /// <summary>Browsers send one request after the other on a connection, so what comes back belongs to the last one.</summary>
    private sealed class Connection(HttpProxy proxy, Stream browser, Stream application)
    {
        private ProxiedRequest? _request;
        private HeldResponse? _hold;

        public async Task ForwardRequestsAsync()
        {
            var input = new BufferedStream(browser);
            while (await ReadHeadAsync(input) is { } head)
            {
                var request = ProxiedRequest.Parse(head);
                proxy._holds.TryRemove($"{request.Method} {request.Target}", out var hold);
                (_request, _hold) = (request, hold);
                proxy._requests.Enqueue(request);
                var body = new byte[request.ContentLength];
                await input.ReadExactlyAsync(body);
                await application.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body]);
            }
        }

        public async Task ForwardResponsesAsync()
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await application.ReadAsync(buffer)) > 0)
            {
                _request?.AddResponse(Encoding.Latin1.GetString(buffer, 0, count));
                if (_hold is { } hold)
                {
                    await hold.WaitForReleaseAsync(proxy._stopped.Token);
                }

                await browser.WriteAsync(buffer.AsMemory(0, count));
            }
        }

        private static async Task<string?> ReadHeadAsync(Stream input)
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (await input.ReadAsync(one) == 1)
            {
                head.Append((char)one[0]);
                if (head.Length > 3 && one[0] == '\n' && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
                {
                    return head.ToString();
                }
            }

            return null;
        }
    }
}

/// <summary>A response that a proxy keeps back.</summary>
internal sealed class HeldResponse
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the application has answered; the browser has nothing of it yet.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Lets the browser have it. Without this the response is lost.</summary>
    public void Release() => _released.TrySetResult();

    public Task WaitForReleaseAsync(CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>What a browser sent, and the head of what came back.</summary>
internal sealed class ProxiedRequest
{
    private readonly StringBuilder _response = new();

    public required string Method { get; init; }

    public required string Target { get; init; }

    /// <summary>What the default session cookie held; null: it was not sent.</summary>
    public required string? Token { get; init; }

    public required int ContentLength { get; init; }

    /// <summary>The lines with which the response set or took back cookies, as far as it has arrived.</summary>
    public IReadOnlyList<string> SetCookies
    {
        get
        {
            lock (_response)
            {
                return Values(_response.ToString().Split("\r\n\r\n")[0], "Set-Cookie");
            }
        }
    }

    /// <summary>The token that the response gave to the browser; null: none.</summary>
    public string? NewToken => SetCookies.Select(static cookie => TokenIn(cookie.Split(';')[0])).SingleOrDefault();

    public static ProxiedRequest Parse(string head)
    {
        var line = head.Split("\r\n")[0].Split(' ');
        return new()
        {
            Method = line[0],
            Target = line[1],
            Token = Values(head, "Cookie")
                .SelectMany(static cookies => cookies.Split("; "))
                .Select(TokenIn)
                .OfType<string>()
                .SingleOrDefault(),
            ContentLength = Values(head, "Content-Length") is [var length] ? int.Parse(length, CultureInfo.InvariantCulture) : 0,
        };
    }

    public void AddResponse(string text)
    {
        lock (_response)
        {
            _response.Append(text);
        }
    }

    private static string? TokenIn(string cookie) =>
        cookie.Split('=', 2) is [SessionHttpOptions.DefaultCookieName, { Length: > 0 } token] ? token : null;

    private static List<string> Values(string head, string name) =>
        [
            .. head.Split("\r\n")
                .Skip(1)
                .Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
                .Select(line => line[(name.Length + 1)..].Trim()),
        ];
}
