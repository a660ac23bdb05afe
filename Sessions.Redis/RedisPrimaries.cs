using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>Reaching every server that takes writes: one, or those that share out the slots of a cluster.</summary>
internal static class RedisPrimaries
{
    // Keys fall on nodes by a hash; among a few thousand there is one for every node.
    private const int ProbeCount = 4096;

    public static RedisKey[] GetProbeKeys(IConnectionMultiplexer connection, RedisSessionKeys keys)
    {
        var cluster = GetClusterConfiguration(connection);
        return
        [
            .. Enumerable
                .Range(0, cluster is null ? 1 : ProbeCount)
                .Select(keys.Probe)
                .DistinctBy(key => cluster?.GetBySlot(key)?.EndPoint),
        ];
    }

    /// <summary>How the driver knows the cluster, another object each time it has looked; null when it is none.</summary>
    public static ClusterConfiguration? GetClusterConfiguration(IConnectionMultiplexer connection) =>
        connection
            .GetEndPoints()
            .Select(endpoint => connection.GetServer(endpoint).ClusterConfiguration)
            .FirstOrDefault(static configuration => configuration is not null);

    /// <summary>
    /// Whether keys of several slots cannot be named together, also where the driver is not permitted to read the owners of slots.
    /// </summary>
    public static bool IsCluster(IConnectionMultiplexer connection) =>
        connection.GetEndPoints().Any(endpoint => connection.GetServer(endpoint).ServerType == ServerType.Cluster);

    /// <summary>
    /// Whether keys are on several nodes: of a slot that is moving, or of several slots where the driver did not know yet that there is a
    /// cluster.
    /// </summary>
    public static bool IsSplit(RedisServerException e) =>
        e.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal) || e.Message.StartsWith("CROSSSLOT", StringComparison.Ordinal);
}
