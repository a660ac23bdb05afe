using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>
/// A node that is cut off from the news, while its cache would go on for an hour: it asks the store, or says 503, and heals by itself.
/// </summary>
internal abstract class DisconnectedNodeTests<TBackend>
    where TBackend : FaultBackend, new()
{
    private const HttpStatusCode Accepted = HttpStatusCode.OK;
    private const HttpStatusCode Refused = HttpStatusCode.Unauthorized;
    private const HttpStatusCode Unavailable = HttpStatusCode.ServiceUnavailable;

    private TBackend _server = null!;
    private DemoNodes _nodes = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = new TBackend();
        await _server.StartAsync();
        _nodes = await DemoNodes.StartAsync(_server.DemoName, _server.GetConnectionString, staleness: TimeSpan.FromHours(1));
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_nodes is not null)
        {
            await _nodes.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Test]
    public async Task What_is_revoked_while_the_listening_connection_is_killed_is_refused_all_the_same()
    {
        for (var round = 0; round < 5; round++)
        {
            using var ann = await SignInAsync($"ann {round}");

            await _server.CloseListenersAsync();
            await ann.RevokeAllAsync(_nodes[0]);

            Assert.That(await ann.RequestWhileAsync(_nodes[1], Accepted, Unavailable), Is.EqualTo(Refused));
        }

        await AssertHealedAsync();
    }

    [Test]
    public async Task What_is_revoked_while_a_node_receives_nothing_is_not_accepted_once_its_silence_is_noticed()
    {
        using var ann = await SignInAsync("ann");

        await _server.DropResponsesAsync();
        await ann.RevokeAllAsync(_nodes[0]);

        Assert.That(await ann.RequestWhileAsync(_nodes[1], Accepted), Is.Not.EqualTo(Accepted));
        _server.RestoreResponses();
        Assert.That(await ann.RequestWhileAsync(_nodes[1], Unavailable, null), Is.EqualTo(Refused), "And never accepted in between.");
        await AssertHealedAsync();
    }

    [Test]
    public async Task While_the_server_stands_still_a_node_soon_admits_that_it_cannot_know_and_afterwards_all_is_well()
    {
        using var ann = await SignInAsync("ann");
        await using (await _server.PauseAsync())
        {
            var answer = await ann.RequestWhileAsync(_nodes[1], Accepted);
            Assert.That(answer, Is.EqualTo(Unavailable).Or.Null);
        }

        Assert.That(await ann.RequestWhileAsync(_nodes[1], Unavailable, null), Is.EqualTo(Accepted), "The session is still there.");
        await AssertHealedAsync();
    }

    private async Task<NodeClient> SignInAsync(string name)
    {
        var browser = new NodeClient();
        await browser.SignInAsync(_nodes[0], name);
        for (var node = 0; node < DemoNodes.Count; node++)
        {
            // A node that has just lost its connections may need another try.
            Assert.That(await browser.RequestWhileAsync(_nodes[node], Unavailable, null), Is.EqualTo(Accepted), $"node {node}");
        }

        return browser;
    }

    /// <summary>Without a restart: sessions are accepted on every node, and what one of them ends the second refuses.</summary>
    private async Task AssertHealedAsync()
    {
        using var bob = await SignInAsync("bob");

        await bob.RevokeAllAsync(_nodes[2]);

        Assert.That(await bob.RequestWhileAsync(_nodes[1], Accepted), Is.EqualTo(Refused));
    }
}
