using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    /// <exception cref="ArgumentException">The id has not the shard of its user, so the session could never be listed.</exception>
    public async ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
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
        if (limit is not null && session.UserKey is not null)
        {
            return await CreateWithinLimitAsync(limit, session.Id, insert, now, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await _inserts.ExecuteAsync(insert, cancellationToken).ConfigureAwait(false) is null
            ? throw new DuplicateSessionException(session.Id)
            : [];
    }

    private async ValueTask<IReadOnlyList<Session>> CreateWithinLimitAsync(
        SessionLimit limit,
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
            limit.Max,
            limit.Policy == SessionLimitPolicy.Refuse ? 1 : 0,
            _keys.ChangeChannel,
        ];
        var result = await RunAsync(RedisStatements.InsertWithinLimit, insert.Keys, arguments, cancellationToken).ConfigureAwait(false);
        var reply = (RedisResult[])result!;
        return (RedisStatements.InsertOutcome)(int)reply[0] switch
        {
            RedisStatements.InsertOutcome.Created => ReadLive(id.Shard, reply[1..], except: null),
            RedisStatements.InsertOutcome.Duplicate => throw new DuplicateSessionException(id),
            _ => throw new SessionLimitException(limit),
        };
    }
}
