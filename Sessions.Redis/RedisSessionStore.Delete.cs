using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Deleting one session, or all of a user.</content>
public sealed partial class RedisSessionStore
{
    private static readonly RedisScript DeleteScript = new(
        "#!lua flags=allow-oom\n"
            + RedisScriptLibrary.User
            + RedisScriptLibrary.Tell
            + """

            local session, id, prefix, channel = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
            local record = redis.call('GET', session)
            if not record then
                return false
            end
            local readable, user = pcall(user_of, record)
            if readable and user ~= '' then
                -- Fails while the two are on different nodes.
                redis.call('EXISTS', session, prefix .. user)
                redis.call('ZREM', prefix .. user, id)
            end
            redis.call('UNLINK', session)
            tell(channel, 'E', { session })
            return record
            """
    );

    private static readonly RedisScript DeleteAllScript = new(
        "#!lua flags=allow-oom\n"
            + RedisScriptLibrary.Live
            + RedisScriptLibrary.Records
            + RedisScriptLibrary.Delete
            + RedisScriptLibrary.Tell
            + """

            local index, prefix, except, now, channel = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
            local ids, records = records_of(index, prefix)
            local others, ended, reply, spared = {}, {}, { 1 }, except == ''
            for i = 1, #ids do
                if ids[i] == except then
                    spared = live(records[i], now)
                else
                    others[#others + 1] = ids[i]
                    if records[i] then
                        ended[#ended + 1] = prefix .. ids[i]
                        reply[#reply + 1] = ids[i]
                        reply[#reply + 1] = records[i]
                    end
                end
            end
            if not spared then
                return { 0 }
            end
            delete(index, prefix, others)
            tell(channel, 'E', ended)
            return reply
            """
    );

    /// <inheritdoc />
    public async ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        RedisValue[] arguments = [RedisSessionKeys.Member(id), _keys.IndexPrefix(id.Shard), _keys.Changes];
        var record = await RunAsync(DeleteScript, [_keys.Session(id)], arguments, cancellationToken).ConfigureAwait(false);
        return Live(id, (byte[]?)record);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ShardOf(userKey);
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
            _keys.Changes,
        ];
        var result = await RunAsync(DeleteAllScript, [_keys.Index(shard, userKey)], arguments, cancellationToken).ConfigureAwait(false);
        var reply = (RedisResult[])result!;
        return (int)reply[0] == 1 ? Live(shard, reply.Skip(1)) : null;
    }
}
