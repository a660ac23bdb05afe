using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Finding all primaries, for a walk.</content>
public sealed partial class RedisSessionStore
{
    // Some key among these is in any slot.
    private const int MaxProbes = 1_000_000;

    /// <summary>The beginning of a walk.</summary>
    /// <exception cref="SessionStoreException">Among other things: the user lacks a right that walking takes, or slots are
    /// moving.</exception>
    private async ValueTask<RedisScanCursor> BeginScanAsync(CancellationToken cancellationToken)
    {
        var nodes = await _connection.SendAsync(DescribePrimariesAsync, cancellationToken).ConfigureAwait(false);
        if (nodes.SelectMany(static node => node.Refused).Distinct().ToList() is { Count: > 0 } refused)
        {
            throw new SessionStoreException(
                $"The user of Redis may not do what walking through all sessions takes. Allow it: ACL SETUSER <name> {string.Join(' ', refused.Select(static right => $"+{right}"))}."
            );
        }

        if (nodes.Any(static node => node.Node.IsMoving))
        {
            throw new SessionStoreException(
                "Slots of the Redis cluster are moving, and a session that moves with them could be missed. Ask for the page again when they have moved."
            );
        }

        var map = RedisNode.ComputeHash(string.Join(' ', nodes.Select(static node => node.Node.Identity)));
        return new(map, [.. nodes.Select(static node => node.Probe)]);
    }

    /// <summary>
    /// Reads the owners of slots that no node has reported yet, until all slots are known: the driver's view of the cluster may be out of
    /// date, the nodes' own is not.
    /// </summary>
    private async Task<List<(int Probe, RedisNode Node, string[] Refused)>> DescribePrimariesAsync(IDatabase database)
    {
        var slots = new RedisSlotCoverage();
        var nodes = new List<(int, RedisNode, string[])>();
        for (var probe = 0; !slots.IsComplete; probe++)
        {
            if (probe == MaxProbes)
            {
                throw new InvalidOperationException("Some slots of the Redis cluster have no primary.");
            }

            if (slots.IsCovered(probe))
            {
                continue;
            }

            var reply = (string[])(await RedisStatements.DescribeNode.RunAsync(database, [_keys.Probe(probe)], []).ConfigureAwait(false))!;
            var node = RedisNode.Parse(reply[0], reply[1]);
            nodes.Add((probe, node, reply[2..]));
            slots.Add(node.Slots);
            if (node.IsMoving || node.Slots.Count == 0)
            {
                return nodes;
            }
        }

        return nodes;
    }
}
