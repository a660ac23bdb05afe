using System.Diagnostics;
using System.Net;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Demo;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>Three processes with a cache each behind one database: what one of them ends, all refuse.</summary>
[TestFixture("redis")]
[TestFixture("postgres")]
public sealed class NodeTests(string store)
{
    // So long that only the feed can explain that a session is refused.
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    [Test]
    public async Task What_is_revoked_on_one_node_is_refused_by_those_that_had_it_in_their_cache()
    {
        await using var nodes = await StartAsync(s_never);
        using var browser = new DemoClient();
        await browser.LogInAsync(nodes[0], "ann");
        await AssertAcceptedAsync(browser, nodes);
        var cookie = browser.Cookie;

        await browser.SendAsync(nodes[0], HttpMethod.Delete, "/api/sessions");
        browser.Cookie = cookie;

        await AssertRefusedAsync(browser, nodes[1]);
        await AssertRefusedAsync(browser, nodes[2]);
    }

    [Test]
    public async Task A_secret_that_one_node_replaced_is_known_to_all()
    {
        await using var nodes = await StartAsync(s_never);
        using var browser = new DemoClient();
        await browser.LogInAsync(nodes[0], "ann");
        await AssertAcceptedAsync(browser, nodes);
        var before = browser.Token;

        await browser.SendAsync(nodes[0], HttpMethod.Post, "/api/rotate");

        Assert.That(browser.Token, Is.Not.EqualTo(before));
        await AssertAcceptedAsync(browser, nodes);
    }

    [Test]
    public async Task Revocations_arrive_at_other_nodes()
    {
        await using var nodes = await StartAsync(s_never);
        var latencies = new List<double>();
        for (var i = 0; i < NodeSettings.Revocations; i++)
        {
            using var browser = new DemoClient();
            await browser.LogInAsync(nodes[0], $"user {i}");
            await AssertAcceptedAsync(browser, nodes);
            var cookie = browser.Cookie;
            await browser.SendAsync(nodes[0], HttpMethod.Delete, "/api/sessions");
            var revoked = Stopwatch.GetTimestamp();
            browser.Cookie = cookie;

            await AssertRefusedAsync(browser, nodes[1 + (i % 2)]);
            latencies.Add(Stopwatch.GetElapsedTime(revoked).TotalMilliseconds);
        }

        latencies.Sort();
        var (median, p99) = (latencies[latencies.Count / 2], latencies[latencies.Count * 99 / 100]);
        await TestContext.Out.WriteLineAsync(
            $"{store}: {latencies.Count} revocations refused by another node after a median of {median:0.00} ms, p99 {p99:0.00} ms, the request included"
        );
    }

    [Test]
    public async Task In_a_storm_no_valid_session_is_lost_and_no_revoked_one_accepted_later_than_allowed()
    {
        var staleness = TimeSpan.FromSeconds(5);
        var random = SeededRandom.Create();
        await using var nodes = await StartAsync(staleness);
        var storm = new Storm(nodes, random, staleness);

        await storm.RunAsync(NodeSettings.StormSteps, kills: 2);

        await TestContext.Out.WriteLineAsync($"{store}: {storm} (seed {random.Seed})");
        Assert.That(storm.Wrong, Is.Empty, storm.ToString());
    }

    private static async Task AssertAcceptedAsync(DemoClient browser, ThreeNodes nodes)
    {
        for (var node = 0; node < ThreeNodes.Count; node++)
        {
            Assert.That(await browser.StatusAsync(nodes[node], HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.OK), $"node {node}");
        }
    }

    private static async Task AssertRefusedAsync(DemoClient browser, DemoProcess node)
    {
        var cookie = browser.Cookie;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        HttpStatusCode status;
        do
        {
            status = await browser.StatusAsync(node, HttpMethod.Get, "/api/me");
            browser.Cookie ??= cookie;
        } while (status == HttpStatusCode.OK && !patience.IsCancellationRequested);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task<ThreeNodes> StartAsync(TimeSpan staleness)
    {
        var server = store == "redis" ? await TestServers.RedisAsync() : await TestServers.PostgresAsync();
        return await ThreeNodes.StartAsync(store, _ => server.ConnectionString, staleness);
    }
}
