using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>A server that passes on no more news and does everything else, so that nodes can ask, and would remember, what they hear nothing of.</summary>
public sealed class MutedServerTests
{
    [Test]
    public async Task As_long_as_no_news_arrives_what_one_node_ends_another_refuses_with_the_next_request()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var nodes = await ThreeNodes.StartAsync("redis", _ => server.Endpoint, staleness: TimeSpan.FromHours(1));
        await server.CallAsync("ACL", "SETUSER", "default", "resetchannels");
        using (var first = await SignedInAsync(nodes, "first"))
        {
            await first.RevokeAsync(nodes[0]);

            // From then on it is known that nothing is heard.
            Assert.That(await first.AskWhileAsync(nodes[1], HttpStatusCode.OK), Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        for (var round = 0; round < 5; round++)
        {
            using var ann = await SignedInAsync(nodes, $"ann {round}");

            await ann.RevokeAsync(nodes[0]);

            Assert.That(await ann.AskAsync(nodes[1]), Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    private static async Task<NodeBrowser> SignedInAsync(ThreeNodes nodes, string name)
    {
        var browser = new NodeBrowser();
        await browser.SignInAsync(nodes[0], name);
        await browser.AssertAcceptedAsync(nodes);
        return browser;
    }
}
