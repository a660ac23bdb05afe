using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>
/// A server that passes on no more news and does everything else, so that nodes can ask, and would remember, what they hear nothing of.
/// </summary>
public sealed class SilentServerTests
{
    [Test]
    public async Task As_long_as_no_news_arrives_what_one_node_ends_another_refuses_with_the_next_request()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var nodes = await DemoNodes.StartAsync("redis", _ => server.Endpoint, staleness: TimeSpan.FromHours(1));
        await server.CallAsync("ACL", "SETUSER", "default", "resetchannels");
        using (var first = await SignInAsync(nodes, "first"))
        {
            await first.RevokeAllAsync(nodes[0]);

            // From then on it is known that nothing is heard.
            Assert.That(await first.RequestWhileAsync(nodes[1], HttpStatusCode.OK), Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        for (var round = 0; round < 5; round++)
        {
            using var ann = await SignInAsync(nodes, $"ann {round}");

            await ann.RevokeAllAsync(nodes[0]);

            Assert.That(await ann.RequestAsync(nodes[1]), Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    private static async Task<NodeClient> SignInAsync(DemoNodes nodes, string name)
    {
        var browser = new NodeClient();
        await browser.SignInAsync(nodes[0], name);
        await browser.AssertAcceptedAsync(nodes);
        return browser;
    }
}
