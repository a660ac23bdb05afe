using System.Globalization;
using System.Text;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>While the connection is being made, the first caller waits alone and all others are gathered, so that tests decide who comes together.</summary>
[CancelAfter(120_000)]
public sealed class RedisClusterFetchTests
{
    // Slots of the first, second and third node.
    private const string First = "{b}";
    private const string Second = "{c}";
    private const string Third = "{a}";

    private TaskCompletionSource<IConnectionMultiplexer> _connecting = null!;
    private RedisCluster _cluster = null!;
    private RedisFetches _fetches = null!;

    [SetUp]
    public async Task SetUp()
    {
        _cluster = await RedisCluster.StartAsync();
        _connecting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _fetches = new(new(() => _connecting.Task, owned: false));
    }

    [TearDown]
    public async Task TearDown() => await _cluster.DisposeAsync();

    [TestCase("")]
    [TestCase(",$CLUSTER=", Description = "The driver may not ask who has which slots.")]
    public async Task Keys_of_one_slot_go_together_and_others_beside_them(string settings)
    {
        using var connection = await ConnectAsync(settings);
        string[] keys = [First + 1, First + 2, Second + 1, First + 3, Third + 1, First + 4];

        await AssertAnswersAsync(connection, keys);

        Assert.That(await CountAsync("commandstats", "cmdstat_mget:calls="), Is.EqualTo(1));
    }

    [Test]
    public async Task Where_the_driver_takes_the_cluster_for_a_server_every_caller_gets_his_record_all_the_same()
    {
        using var connection = await ConnectAsync(",$CLUSTER=,$INFO=");

        await AssertAnswersAsync(connection, [First + 1, First + 2, Second + 1, Third + 1]);

        Assert.That(await CountAsync("errorstats", "errorstat_CROSSSLOT:count="), Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(4)]
    public async Task While_a_slot_moves_every_caller_gets_his_record(int moved)
    {
        using var connection = await ConnectAsync();
        string[] keys = [First + 1, First + 2, First + 3, First + 4];
        await WriteAsync(connection, keys);
        var move = await RedisSlotMove.OpenAsync(_cluster, connection.HashSlot(First).ToString(CultureInfo.InvariantCulture));
        foreach (var key in keys.Take(moved))
        {
            await move.MigrateAsync(new(key));
        }

        await AssertAnswersAsync(connection, keys, write: false);

        Assert.That(await CountAsync("errorstats", "errorstat_TRYAGAIN:count="), Is.EqualTo(moved == 2 ? 1 : 0));
        Assert.That(await CountAsync("errorstats", "errorstat_ASK:count="), moved == 0 ? Is.Zero : Is.Positive);
    }

    [Test]
    public async Task Callers_do_not_wait_for_a_node_that_others_wait_for()
    {
        using var connection = await ConnectAsync();
        string[] keys = [Second + 0, Second + 1, Second + 2, First + 1, First + 2, Third + 1];
        await WriteAsync(connection, keys);
        await using var paused = await _cluster.NodeOf(connection.HashSlot(First)).PauseAsync();

        var fetching = Fetch(connection, keys);

        var others = await Task.WhenAll(fetching.Where((_, i) => !keys[i].StartsWith(First, StringComparison.Ordinal)));
        Assert.That(others, Is.EqualTo(keys.Where(static key => !key.StartsWith(First, StringComparison.Ordinal)).Select(RecordOf)));
        Assert.That(fetching.Count(static one => one.IsCompletedSuccessfully), Is.EqualTo(4));
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(string settings = "")
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(_cluster.Configuration + settings);
        foreach (var node in _cluster.Nodes)
        {
            await node.CallAsync("CONFIG", "RESETSTAT");
        }

        return connection;
    }

    private async Task AssertAnswersAsync(ConnectionMultiplexer connection, string[] keys, bool write = true)
    {
        if (write)
        {
            await WriteAsync(connection, keys);
        }

        var fetching = Fetch(connection, [Second + 0, .. keys, First + "gone"]);

        Assert.That(await Task.WhenAll(fetching[1..]), Is.EqualTo((string?[])[.. keys.Select(RecordOf), null]));
    }

    private List<Task<string?>> Fetch(ConnectionMultiplexer connection, string[] keys)
    {
        var fetching = keys.Select(async key =>
                await _fetches.FetchAsync(key, default) is { } record ? Encoding.ASCII.GetString(record) : null
            )
            .ToList();
        _connecting.SetResult(connection);
        return fetching;
    }

    private static string RecordOf(string key) => $"record of {key}";

    private static async Task WriteAsync(ConnectionMultiplexer connection, string[] keys)
    {
        foreach (var key in keys)
        {
            await connection.GetDatabase().StringSetAsync(key, RecordOf(key));
        }
    }

    /// <summary>What the nodes have counted, all together.</summary>
    private async Task<int> CountAsync(string section, string name)
    {
        var count = 0;
        foreach (var node in _cluster.Nodes)
        {
            var lines = (await node.CallAsync("INFO", section)).Text!.Split("\r\n");
            count += lines
                .Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Sum(line => int.Parse(line[name.Length..].Split(',')[0], CultureInfo.InvariantCulture));
        }

        return count;
    }
}
