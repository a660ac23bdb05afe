using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Deleting one session, or all of a user.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            RedisSessionKeys.Member(id),
            _keys.IndexPrefix(id.Shard),
            _keys.ChangeChannel,
            Now,
            .. leaves == SessionMarker.None ? ["", 0] : CreateMarker(leaves),
        ];
        var record = await RunAsync(RedisStatements.Delete, [_keys.Session(id)], arguments, cancellationToken).ConfigureAwait(false);
        return ReadLive(id, (byte[]?)record);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ComputeShard(userKey);
        cancellationToken.ThrowIfCancellationRequested();
        if (except is { } other && other.Shard != shard)
        {
            // Not this user's.
            return null;
        }

        RedisValue[] arguments =
        [
            _keys.SessionPrefix(shard),
            except is { } spared ? RedisSessionKeys.Member(spared) : "",
            Now,
            _keys.ChangeChannel,
        ];
        var reply = await RunAsync(RedisStatements.DeleteAll, [_keys.Index(shard, userKey)], arguments, cancellationToken)
            .ConfigureAwait(false);
        return reply.IsNull ? null : ReadLive(shard, (RedisResult[])reply!, except);
    }
}
