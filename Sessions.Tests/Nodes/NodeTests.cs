using System.Diagnostics;
using System.Net;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>Three processes with a cache each behind one database: what one of them ends, all refuse.</summary>
[TestFixture("redis")]
[TestFixture("postgres")]
public sealed class NodeTests(string store)
{
    // So long that only the feed can explain that a session is refused.
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    private DemoNodes _nodes = null!;

    [OneTimeSetUp]
    public async Task StartNodesAsync() => _nodes = await StartAsync(s_never);

    [OneTimeTearDown]
    public async Task StopNodesAsync()
    {
        // Null where the set-up failed, for example without a server.
        if (_nodes is not null)
        {
            await _nodes.DisposeAsync();
        }
    }

    [Test]
    public async Task What_is_revoked_on_one_node_is_refused_by_those_that_had_it_in_their_cache()
    {
        using var browser = new NodeClient();
        await browser.SignInAsync(_nodes[0], "ann");
        await browser.AssertAcceptedAsync(_nodes);

        await browser.RevokeAllAsync(_nodes[0]);

        Assert.That(await browser.RequestWhileAsync(_nodes[1], HttpStatusCode.OK), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await browser.RequestWhileAsync(_nodes[2], HttpStatusCode.OK), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_secret_that_one_node_replaced_is_known_to_all()
    {
        using var browser = new NodeClient();
        await browser.SignInAsync(_nodes[0], "ann");
        await browser.AssertAcceptedAsync(_nodes);

        await browser.RotateAsync(_nodes[0]);

        await browser.AssertAcceptedAsync(_nodes);
    }

    [Test]
    public async Task An_open_page_receives_ends_on_another_node_and_last_its_own()
    {
        using var laptop = new NodeClient();
        using var phone = new NodeClient();
        await laptop.SignInAsync(_nodes[0], "ann");
        await phone.SignInAsync(_nodes[1], "ann");
        using var news = await laptop.ListenAsync(_nodes[0]);
        Assert.That(await ReadEventAsync(news), Is.EqualTo("event: ready"));

        await phone.RevokeCurrentAsync(_nodes[1]);
        Assert.That(await ReadEventAsync(news), Is.EqualTo("event: ended"));
        await phone.SignInAsync(_nodes[1], "ann");
        await phone.RevokeAllAsync(_nodes[1]);

        // Both have ended now; after the own one there is nothing more to tell.
        Assert.That(await ReadEventAsync(news), Is.EqualTo("event: ended"));
        await news.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task Every_revocation_arrives_at_the_other_nodes()
    {
        var latencies = new List<double>();
        for (var i = 0; i < TestEffort.Scale(50); i++)
        {
            using var browser = new NodeClient();
            await browser.SignInAsync(_nodes[0], $"user {i}");
            await browser.AssertAcceptedAsync(_nodes);
            await browser.RevokeAllAsync(_nodes[0]);
            var revoked = Stopwatch.GetTimestamp();

            Assert.That(await browser.RequestWhileAsync(_nodes[1 + (i % 2)], HttpStatusCode.OK), Is.EqualTo(HttpStatusCode.Unauthorized));
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
        var storm = new NodeStressTest(nodes, random, staleness);

        await storm.RunAsync(steps: TestEffort.Scale(3000), kills: TestEffort.Scale(3));

        await TestContext.Out.WriteLineAsync($"{store}: {storm} (seed {random.Seed})");
        Assert.That(storm.Violations, Is.Empty, storm.ToString());
    }

    private static async Task<string?> ReadEventAsync(StreamReader stream)
    {
        string? line;
        do
        {
            line = await stream.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        } while (line is not null && !line.StartsWith("event:", StringComparison.Ordinal));

        return line;
    }

    private async Task<DemoNodes> StartAsync(TimeSpan staleness)
    {
        var server = store == "redis" ? await TestServers.RedisAsync() : await TestServers.PostgresAsync();
        return await DemoNodes.StartAsync(store, _ => server.ConnectionString, staleness);
    }
}
