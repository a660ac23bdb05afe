using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    /// <exception cref="ArgumentException">The id has not the shard of its user, so the session could never be listed.</exception>
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

        var key = _keys.Session(session.Id);
        var (now, expires) = (Now, session.ExpiresAt.ToUnixTimeMilliseconds());
        var insert = RedisInsert.Create(
            key,
            session.UserKey is { } user ? _keys.Index(shard, user) : (RedisKey?)null,
            SessionRecord.Write(session),
            expires,
            now,
            Tolerance
        );
        cancellationToken.ThrowIfCancellationRequested();
        if (session.Tags.Count > 0)
        {
            // Before the session: an index may name a session that is not there, and never misses one that is.
            await IndexTagsAsync(session.Id, session.Tags, session.EndsAt, cancellationToken).ConfigureAwait(false);
        }

        var replaced = replaces is { } other && other != session.Id && other.Shard == shard ? replaces : null;
        if (session.UserKey is not null && (limit is not null || replaced is not null))
        {
            return await CreateInPlaceAsync(limit, replaced, session.Id, insert, now, cancellationToken).ConfigureAwait(false);
        }

        return await _inserts.ExecuteAsync(insert, cancellationToken).ConfigureAwait(false) is null
            ? throw new DuplicateSessionException(session.Id)
            : new();
    }

    private async ValueTask<SessionCreation> CreateInPlaceAsync(
        SessionLimit? limit,
        SessionId? replaces,
        SessionId id,
        RedisInsert insert,
        long now,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] arguments =
        [
            .. insert.Arguments,
            now,
            limit?.Max ?? RedisStatements.NoLimit,
            limit is { Policy: SessionLimitPolicy.Refuse } ? 1 : 0,
            _keys.ChangeChannel,
            replaces is { } other ? RedisSessionKeys.Member(other) : "",
            .. CreateMarker(SessionMarker.Replaced),
        ];
        var result = await RunAsync(RedisStatements.InsertInPlace, insert.Keys, arguments, cancellationToken).ConfigureAwait(false);
        var reply = (RedisResult[])result!;
        return (RedisStatements.InsertOutcome)(int)reply[0] switch
        {
            RedisStatements.InsertOutcome.Created => new()
            {
                Evicted = ReadEvicted(id.Shard, reply[1..3]),
                Replaced = replaces is { } ended ? ReadLive(ended, (byte[]?)reply[3]) : null,
            },
            RedisStatements.InsertOutcome.Duplicate => throw new DuplicateSessionException(id),
            _ => throw new SessionLimitException(limit!),
        };
    }

    /// <summary>The record of a marker, and how many milliseconds it is kept.</summary>
    private RedisValue[] CreateMarker(SessionMarker marker) =>
        [SessionRecord.WriteMarker(marker, _time.GetUtcNow()), (long)SessionMarkerLifetime.Duration.TotalMilliseconds + Tolerance];

    private List<Session> ReadEvicted(string shard, RedisResult[] idsAndRecords)
    {
        var evicted = ReadLive(shard, idsAndRecords, except: null);
        evicted.Sort(SessionOrder.LeastRecentlyUsedFirst);
        return evicted;
    }
}
