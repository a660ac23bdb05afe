using System.Diagnostics;
using System.Net;
using Sessions.Tests.Demo;

namespace Sessions.Tests.Nodes;

/// <summary>A browser in a storm, which knows what became of its session.</summary>
internal sealed class StressDevice : IDisposable
{
    private DemoClient _client = new();
    private long _revokedAt;

    public DeviceState State { get; private set; }

    /// <summary>How long ago the answer came that the session is ended.</summary>
    public TimeSpan SinceRevoked => Stopwatch.GetElapsedTime(_revokedAt);

    public async Task SignInAsync(DemoProcess node, string name)
    {
        Clear();
        using var response = await _client.LogInAsync(node, name);
        response.EnsureSuccessStatusCode();
        State = DeviceState.SignedIn;
    }

    public async Task<HttpStatusCode> SendAsync(DemoProcess node, HttpMethod method, string path)
    {
        // A refusal would clear the cookie, and the next question would be none.
        var cookie = _client.Cookie;
        using var response = await _client.SendAsync(node, method, path);
        _client.Cookie ??= cookie;
        return response.StatusCode;
    }

    public void MarkRevoked()
    {
        if (State == DeviceState.SignedIn)
        {
            (State, _revokedAt) = (DeviceState.Revoked, Stopwatch.GetTimestamp());
        }
    }

    public void Clear()
    {
        _client.Dispose();
        (_client, State) = (new DemoClient(), DeviceState.SignedOut);
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>What a device in a storm may expect.</summary>
internal enum DeviceState
{
    /// <summary>It holds nothing.</summary>
    SignedOut,

    /// <summary>Its session is alive.</summary>
    SignedIn,

    /// <summary>Its session was ended, and whoever did it has the answer.</summary>
    Revoked,
}
