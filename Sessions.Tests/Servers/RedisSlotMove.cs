using System.Globalization;

namespace Sessions.Tests.Servers;

/// <summary>A slot on its way to another node, step by step, as <c>redis-cli --cluster reshard</c> takes it there.</summary>
internal sealed class RedisSlotMove
{
    private readonly RedisCluster _cluster;
    private readonly string _slot;
    private readonly RedisProcess _target;
    private readonly string _targetId;

    private RedisSlotMove(RedisCluster cluster, string slot, RedisProcess source, RedisProcess target, string targetId)
    {
        (_cluster, _slot, Source, _target, _targetId) = (cluster, slot, source, target, targetId);
    }

    public RedisProcess Source { get; }

    /// <summary>Tells both nodes that the slot is moving.</summary>
    public static async Task<RedisSlotMove> OpenAsync(RedisCluster cluster, string slot, RedisProcess? target = null)
    {
        var source = cluster.NodeOf(int.Parse(slot, CultureInfo.InvariantCulture));
        target ??= cluster.Nodes.First(node => node != source);
        var targetId = await RedisCluster.IdOfAsync(target);
        await target.CallAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", await RedisCluster.IdOfAsync(source));
        await source.CallAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        return new(cluster, slot, source, target, targetId);
    }

    /// <summary>The keys that are still where they were.</summary>
    public async Task<RedisReply[]> KeysAsync() => (await Source.CallAsync("CLUSTER", "GETKEYSINSLOT", _slot, "1000")).Items!;

    public Task MigrateAsync(RedisReply key) =>
        Source.CallAsync("MIGRATE", "127.0.0.1", _target.Port.ToString(CultureInfo.InvariantCulture), key.Text!, "0", "5000");

    public async Task MigrateAllAsync()
    {
        foreach (var key in await KeysAsync())
        {
            await MigrateAsync(key);
        }
    }

    /// <summary>Tells all nodes whose slot it is now.</summary>
    public async Task CloseAsync()
    {
        foreach (var node in _cluster.Nodes.OrderBy(node => node != _target))
        {
            await node.CallAsync("CLUSTER", "SETSLOT", _slot, "NODE", _targetId);
        }
    }
}
