using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Making room for a user who is far over the limit.</content>
public sealed partial class RedisSessionStore
{
    /// <summary>
    /// Ends the least recently used sessions of a user who is more than a step over the limit, for whom the limit is new, say. The script
    /// that creates the session counts once more.
    /// </summary>
    private async ValueTask<List<Session>> EvictAsync(
        Session newcomer,
        SessionLimit limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var shard = newcomer.Id.Shard;
        RedisKey[] index = [_keys.Index(shard, newcomer.UserKey!)];
        RedisValue[] past = [_keys.SessionPrefix(shard), GetPastIndexUnit(Now)];
        while ((bool)await RunAsync(RedisStatements.Prune, index, past, cancellationToken).ConfigureAwait(false))
        {
            // Up to a thousand at a time.
        }

        var others = await FetchAllAsync(newcomer.UserKey!, valueKeys: [], cancellationToken).ConfigureAwait(false);
        var surplus = limit.GetEvicted(newcomer, others.Where(other => other.Id != replaces));
        var evicted = new List<Session>();
        try
        {
            foreach (var batch in surplus.Chunk(RedisStatements.ChunkSize))
            {
                RedisKey[] keys = [.. index, .. batch.Select(one => _keys.Session(one.Id))];
                RedisValue[] arguments =
                [
                    _keys.ChangeChannel,
                    .. batch.Select(static one => (RedisValue)one.LastSeenAt.ToUnixTimeMilliseconds()),
                ];
                var reply = await RunAsync(RedisStatements.Evict, keys, arguments, cancellationToken).ConfigureAwait(false);
                evicted.AddRange(ReadLive((RedisResult[])reply!));
            }
        }
        catch (SessionStoreException e) when (evicted.Count > 0)
        {
            throw new IncompleteDeletionException(evicted, e);
        }

        return evicted;
    }

    /// <summary>Until where entries of an index are past by every clock.</summary>
    private static long GetPastIndexUnit(long now) =>
        (long)Math.Floor((now - Tolerance) / (double)RedisStatements.MillisecondsPerIndexUnit);
}
