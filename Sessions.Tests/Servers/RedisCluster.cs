using System.Globalization;

namespace Sessions.Tests.Servers;

/// <summary>A Redis Cluster of three primaries.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16_384;

    // A primary waits two seconds after its start before it takes writes, so the next cluster starts while a test works on this one.
    private static Task<RedisCluster>? s_next;

    private RedisCluster(IReadOnlyList<RedisProcess> nodes)
    {
        Nodes = nodes;
    }

    public IReadOnlyList<RedisProcess> Nodes { get; }

    public string Configuration => string.Join(',', Nodes.Select(static node => node.Endpoint));

    public static Task<RedisCluster> StartAsync()
    {
        var next = StartNextAsync();
        return Interlocked.Exchange(ref s_next, next) ?? StartNextAsync();
    }

    /// <summary>Ends the cluster that was started for a test to come.</summary>
    public static async Task StopNextAsync()
    {
        if (Interlocked.Exchange(ref s_next, null) is { } next)
        {
            await (await next).DisposeAsync();
        }
    }

    private static async Task<RedisCluster> StartNextAsync()
    {
        string[] settings = ["--cluster-enabled", "yes", "--cluster-port", "{bus}"];
        var cluster = new RedisCluster(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RedisProcess.StartAsync(settings))));
        try
        {
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node that has a slot.</summary>
    public RedisProcess NodeOf(int slot) => Nodes[slot * Nodes.Count / Slots];

    public static async Task<string> IdOfAsync(RedisProcess node) => (await node.CallAsync("CLUSTER", "MYID")).Text!;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task JoinAsync()
    {
        for (var i = 0; i < Nodes.Count; i++)
        {
            var (first, end) = (FirstSlot(i), FirstSlot(i + 1));
            await Nodes[i].CallAsync("CLUSTER", "ADDSLOTSRANGE", Text(first), Text(end - 1));
            await Nodes[i].CallAsync("CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1));
            if (i > 0)
            {
                await Nodes[i].CallAsync("CLUSTER", "MEET", "127.0.0.1", Text(Nodes[0].Port), Text(Nodes[0].BusPort));
            }
        }

        await Task.WhenAll(Nodes.Select(static node => node.WaitForOutputAsync("Cluster state changed: ok")));
    }

    // The least slot that NodeOf gives to this node.
    private int FirstSlot(int node) => (node * Slots + Nodes.Count - 1) / Nodes.Count;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
