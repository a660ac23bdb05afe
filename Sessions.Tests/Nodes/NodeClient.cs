using System.Net;
using NUnit.Framework;
using Sessions.Tests.Demo;

namespace Sessions.Tests.Nodes;

/// <summary>A browser whose cookie stays whatever a node says, and which goes on asking.</summary>
internal sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // What a driver may take to give up; one that never does is not waited for.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(5);

    private readonly DemoClient _client = new();

    public async Task SignInAsync(DemoProcess node, string name)
    {
        using var response = await _client.LogInAsync(node, name);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Signs this browser out.</summary>
    public Task RevokeCurrentAsync(DemoProcess node) => DeleteAsync(node, "/api/sessions/current");

    /// <summary>Signs the user out everywhere.</summary>
    public Task RevokeAllAsync(DemoProcess node) => DeleteAsync(node, "/api/sessions");

    private async Task DeleteAsync(DemoProcess node, string path)
    {
        var cookie = _client.Cookie;
        using var response = await _client.SendAsync(node, HttpMethod.Delete, path);
        _client.Cookie = cookie;
        response.EnsureSuccessStatusCode();
    }

    public async Task RotateAsync(DemoProcess node)
    {
        var before = _client.Token;
        using var response = await _client.SendAsync(node, HttpMethod.Post, "/api/rotate");
        response.EnsureSuccessStatusCode();
        Assert.That(_client.Token, Is.Not.EqualTo(before));
    }

    /// <summary>What the devices page listens to, while it is open: a line each.</summary>
    public async Task<StreamReader> ListenAsync(DemoProcess node) => new(await _client.OpenAsync(node, "/devices/live"));

    /// <summary>Null: no answer in time.</summary>
    public async Task<HttpStatusCode?> RequestAsync(DemoProcess node)
    {
        var cookie = _client.Cookie;
        try
        {
            return await _client.StatusAsync(node, HttpMethod.Get, "/api/me").WaitAsync(s_answer);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _client.Cookie = cookie;
        }
    }

    public async Task AssertAcceptedAsync(DemoNodes nodes)
    {
        for (var node = 0; node < DemoNodes.Count; node++)
        {
            Assert.That(await RequestAsync(nodes[node]), Is.EqualTo(HttpStatusCode.OK), $"node {node}");
        }
    }

    /// <summary>Asks as long as the answer is one of these, and no longer than a test may wait; returns the first other answer.</summary>
    public async Task<HttpStatusCode?> RequestWhileAsync(DemoProcess node, params HttpStatusCode?[] answers)
    {
        using var patience = new CancellationTokenSource(s_patience);
        HttpStatusCode? answer;
        do
        {
            answer = await RequestAsync(node);
        } while (answers.Contains(answer) && !patience.IsCancellationRequested);

        return answer;
    }

    public void Dispose() => _client.Dispose();
}
