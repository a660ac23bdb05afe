using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    /// <remarks>
    /// One step, unless the user has more than a thousand sessions beyond the limit, because it is new, say: then the least recently used
    /// of them are ended before, a thousand at a time. When that fails half-way, the session is not stored.
    /// </remarks>
    /// <exception cref="ArgumentException">The id has not the shard of its user, so the session could never be listed.</exception>
    /// <exception cref="IncompleteDeletionException">
    /// The server failed when sessions beyond the limit were being ended. They stay ended, and the new one is not stored.
    /// </exception>
    public async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        var shard = session.Id.Shard;
        if (session.UserKey is { } userKey && ComputeShard(userKey) != shard)
        {
            throw new ArgumentException("The id of a session begins with the shard of its user; this one does not.", nameof(session));
        }

        var insert = CreateInsert(session, limit, replaces);
        cancellationToken.ThrowIfCancellationRequested();
        if (session.Tags.Count > 0)
        {
            // Before the session: an index may name a session that is not there, and never misses one that is.
            await IndexTagsAsync(session.Id, session.Tags, session.EndsAt, cancellationToken).ConfigureAwait(false);
        }

        var result = (await _inserts.ExecuteAsync(insert, cancellationToken).ConfigureAwait(false))!;
        IReadOnlyList<Session> evicted = [];
        if (result.Outcome == RedisStatements.InsertOutcome.FarOverLimit)
        {
            evicted = await EvictAsync(session, limit!, replaces, cancellationToken).ConfigureAwait(false);
            result = (await _inserts.ExecuteAsync(insert.AfterEviction(), cancellationToken).ConfigureAwait(false))!;
        }

        return result.Outcome switch
        {
            RedisStatements.InsertOutcome.Created when result.Ended.Length == 0 => new() { Evicted = evicted },
            RedisStatements.InsertOutcome.Created => new()
            {
                Evicted = ReadEvicted(shard, result.Ended[..2], evicted),
                Replaced = replaces is { } ended ? ReadLive(ended, (byte[]?)result.Ended[2]) : null,
            },
            RedisStatements.InsertOutcome.Duplicate => throw new DuplicateSessionException(session.Id),
            _ => throw new SessionLimitException(limit!),
        };
    }

    private RedisInsert CreateInsert(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var shard = session.Id.Shard;
        var (now, expires) = (Now, session.ExpiresAt.ToUnixTimeMilliseconds());
        var key = _keys.Session(session.Id);
        var replaced = replaces is { } other && other != session.Id && other.Shard == shard ? replaces : null;
        var mayEnd = session.UserKey is not null && (limit is not null || replaced is not null);
        var arguments = new RedisValue[RedisInsert.ArgumentCount];
        Set(RedisInsert.Record, SessionRecord.Write(session));
        Set(RedisInsert.TimeToLive, Math.Max(1, expires - now + Tolerance));
        Set(RedisInsert.Score, (long)Math.Ceiling(expires / (double)RedisStatements.MillisecondsPerIndexUnit));
        Set(RedisInsert.PruneBefore, GetPastIndexUnit(now));
        Set(RedisInsert.Max, mayEnd && limit is not null ? limit.Max : RedisStatements.NoLimit);
        return new()
        {
            Keys = session.UserKey is { } user ? [key, _keys.Index(shard, user), _keys.Ending(shard, user)] : [key, key, key],
            Arguments = arguments,
            IsReplacing = mayEnd && replaced is not null,
            EndingArguments = mayEnd
                ?
                [
                    now,
                    limit is { Policy: SessionLimitPolicy.Refuse } ? 1 : 0,
                    0,
                    _keys.ChangeChannel,
                    replaced is { } one ? RedisSessionKeys.Member(one) : "",
                    .. replaced is null ? ["", 0] : CreateMarker(SessionMarker.Replaced),
                ]
                : [],
        };

        // Lua counts from 1.
        void Set(int number, RedisValue value) => arguments[number - 1] = value;
    }

    /// <summary>The record of a marker, and how many milliseconds it is kept.</summary>
    private RedisValue[] CreateMarker(SessionMarker marker) =>
        [SessionRecord.WriteMarker(marker, _time.GetUtcNow()), (long)SessionMarkerLifetime.Duration.TotalMilliseconds + Tolerance];

    private List<Session> ReadEvicted(string shard, RedisResult[] idsAndRecords, IEnumerable<Session> before)
    {
        List<Session> evicted = [.. before, .. ReadLive(shard, idsAndRecords, except: null)];
        evicted.Sort(SessionOrder.LeastRecentlyUsedFirst);
        return evicted;
    }
}
