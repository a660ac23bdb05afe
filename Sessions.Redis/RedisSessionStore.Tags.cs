using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Finding and ending sessions by a tag. The index of a tag is in a slot of its own, and may name sessions that are not
/// there.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var ids = await FetchIdsAsync(tag, cancellationToken).ConfigureAwait(false);
        var records = await Task.WhenAll(ids.Select(id => _reads.ExecuteAsync(_keys.Session(id), cancellationToken).AsTask()))
            .ConfigureAwait(false);
        return ids.Zip(records, (id, record) => record is null ? null : Read(id, record))
            .OfType<Session>()
            .Where(session => session.Tags.Contains(tag))
            .ToLiveList(_time.GetUtcNow());
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var deleted = new List<Session>();
        try
        {
            var ids = await FetchIdsAsync(tag, cancellationToken).ConfigureAwait(false);
            foreach (var shard in ids.GroupBy(static id => id.Shard))
            {
                foreach (var batch in shard.Chunk(RedisStatements.ChunkSize))
                {
                    deleted.AddRange(await DeleteTaggedAsync(shard.Key, batch, tag, cancellationToken).ConfigureAwait(false));
                }
            }
        }
        catch (SessionStoreException e) when (deleted.Count > 0)
        {
            throw new IncompleteDeletionException(deleted, e);
        }

        return deleted.ToLiveList(_time.GetUtcNow());
    }

    /// <summary>The sessions in the index of a tag, which is read in pages: a server answers no other call while it reads one.</summary>
    private async ValueTask<List<SessionId>> FetchIdsAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        var index = _keys.TagIndex(tag);
        var ids = new HashSet<SessionId>();
        var cursor = "0";
        do
        {
            object[] arguments = [index, cursor, "COUNT", RedisStatements.ChunkSize];
            var page = (RedisResult[])
                (
                    await _connection
                        .SendAsync(database => database.ExecuteAsync("ZSCAN", arguments, CommandFlags.DemandMaster), cancellationToken)
                        .ConfigureAwait(false)
                )!;
            cursor = (string)page[0]!;
            // Members and scores in turn; the server may return one twice.
            foreach (var member in ((string[])page[1]!).Chunk(2))
            {
                if (SessionId.TryParse(member[0], out var id))
                {
                    ids.Add(id);
                }
            }
        } while (cursor != "0");

        return [.. ids];
    }

    private async ValueTask<IEnumerable<Session>> DeleteTaggedAsync(
        string shard,
        SessionId[] ids,
        SessionTag tag,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] arguments = [_keys.IndexPrefix(shard), _keys.ChangeChannel, tag.Name, tag.Value];
        var reply = await RunAsync(RedisStatements.DeleteTagged, [.. ids.Select(_keys.Session)], arguments, cancellationToken)
            .ConfigureAwait(false);
        return ((RedisResult[])reply!)
            .Chunk(2)
            .Select(row => ReadLive(_keys.ParseSessionKey((byte[])row[0]!)!.Value, (byte[])row[1]!))
            .OfType<Session>();
    }

    /// <summary>Writes a session into the indexes of tags, all at once.</summary>
    private async ValueTask IndexTagsAsync(
        SessionId id,
        IEnumerable<SessionTag> tags,
        DateTimeOffset endsAt,
        CancellationToken cancellationToken
    )
    {
        var (now, ends) = (Now, endsAt.ToUnixTimeMilliseconds());
        RedisValue[] arguments =
        [
            id.ToString(),
            (long)Math.Ceiling(ends / (double)RedisStatements.MillisecondsPerIndexUnit),
            Math.Max(1, ends - now + Tolerance),
            (long)Math.Floor((now - Tolerance) / (double)RedisStatements.MillisecondsPerIndexUnit),
        ];
        await Task.WhenAll(tags.Select(tag => RunAsync(RedisStatements.IndexTag, [_keys.TagIndex(tag)], arguments, cancellationToken)))
            .ConfigureAwait(false);
    }
}
