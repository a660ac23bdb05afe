using System.Globalization;
using System.Text;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>
/// While the connection is being made, the first caller waits alone and all others are gathered, so that tests decide who comes together.
/// </summary>
[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisClusterReadBatcherTests
{
    // Slots of the first, second and third node.
    private const string First = "{b}";
    private const string Second = "{c}";
    private const string Third = "{a}";
    private const string ThirdToo = "{d}";

    private TaskCompletionSource<IConnectionMultiplexer> _connecting = null!;
    private RedisCluster _cluster = null!;
    private RedisReadBatcher _batcher = null!;

    [SetUp]
    public async Task SetUp()
    {
        _cluster = await RedisCluster.StartAsync();
        _connecting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _batcher = new(new(() => _connecting.Task, ownsConnection: false));
    }

    [TearDown]
    public async Task TearDown() => await _cluster.DisposeAsync();

    [Test]
    public async Task Keys_of_one_slot_go_together_and_others_beside_them()
    {
        using var connection = await ConnectAsync(_cluster.Configuration);
        string[] keys = [Second + 0, First + 1, First + 2, Second + 1, First + 3, Third + 1, First + 4];
        await WriteAsync(connection, keys);

        var fetching = Fetch(connection, keys);

        Assert.That(await Task.WhenAll(fetching), Is.EqualTo(keys.Select(RecordOf)));
        Assert.That(await CountAsync("commandstats", "cmdstat_mget:calls="), Is.EqualTo(1));
    }

    [Test]
    public async Task Every_call_gets_its_record_although_the_driver_takes_a_cluster_for_a_single_server()
    {
        string[] keys = [Third + 0, Third + 1, ThirdToo + 1];
        using (var connection = await ConnectAsync(_cluster.Configuration))
        {
            await WriteAsync(connection, keys);
        }

        // The three commands whose answers tell a driver that the server belongs to a cluster.
        using var misled = await ConnectAsync($"{_cluster.Nodes[2].Endpoint},$CLUSTER=,$INFO=,$HELLO=");

        var fetching = Fetch(misled, keys);

        Assert.That(await Task.WhenAll(fetching), Is.EqualTo(keys.Select(RecordOf)));
        Assert.That(await CountAsync("errorstats", "errorstat_CROSSSLOT:count="), Is.EqualTo(1));
    }

    [TestCase(0, 4, 0)]
    [TestCase(2, 4, 1)]
    [TestCase(4, 4, 0)]
    [TestCase(4, 5, 1, Description = "One is nowhere.")]
    public async Task While_a_slot_moves_every_call_gets_its_record(int moved, int asked, int refusals)
    {
        using var connection = await ConnectAsync(_cluster.Configuration);
        string[] keys = [First + 1, First + 2, First + 3, First + 4];
        await WriteAsync(connection, keys);
        var move = await RedisSlotMove.OpenAsync(_cluster, connection.HashSlot(First).ToString(CultureInfo.InvariantCulture));
        foreach (var key in keys.Take(moved))
        {
            await move.MigrateAsync(new(key));
        }

        var fetching = Fetch(connection, [Second + 0, .. ((string[])[.. keys, First + "gone"]).Take(asked)]);

        Assert.That(await Task.WhenAll(fetching[1..]), Is.EqualTo(((string?[])[.. keys.Select(RecordOf), null]).Take(asked)));
        Assert.That(await CountAsync("errorstats", "errorstat_TRYAGAIN:count="), Is.EqualTo(refusals));
        Assert.That(await CountAsync("errorstats", "errorstat_ASK:count="), moved == 0 ? Is.Zero : Is.Positive);
    }

    [Test]
    public async Task Callers_do_not_wait_for_a_node_that_others_wait_for()
    {
        using var connection = await ConnectAsync(_cluster.Configuration);
        string[] keys = [Second + 0, Second + 1, Second + 2, First + 1, First + 2, Third + 1];
        await WriteAsync(connection, keys);
        await using var paused = await _cluster.NodeOf(connection.HashSlot(First)).PauseAsync();

        var fetching = Fetch(connection, keys);

        var others = await Task.WhenAll(fetching.Where((_, i) => !keys[i].StartsWith(First, StringComparison.Ordinal)));
        Assert.That(others, Is.EqualTo(keys.Where(static key => !key.StartsWith(First, StringComparison.Ordinal)).Select(RecordOf)));
        Assert.That(fetching.Count(static one => one.IsCompletedSuccessfully), Is.EqualTo(4));
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(string configuration)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        foreach (var node in _cluster.Nodes)
        {
            await node.CallAsync("CONFIG", "RESETSTAT");
        }

        return connection;
    }

    private List<Task<string?>> Fetch(ConnectionMultiplexer connection, string[] keys)
    {
        var fetching = keys.Select(async key =>
                await _batcher.ExecuteAsync(key, default) is { } record ? Encoding.ASCII.GetString(record) : null
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
