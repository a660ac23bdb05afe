using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Deleting one session.</content>
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
}
