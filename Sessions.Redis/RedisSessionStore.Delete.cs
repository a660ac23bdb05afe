using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Deleting one session, or all of a user.</content>
public sealed partial class RedisSessionStore
{
    private static readonly RedisScript DeleteScript = new(
        "#!lua flags=allow-oom\n"
            + RedisStatements.Sections
            + RedisStatements.Publish
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
            tell(channel, 'E', string.sub(session, -24, -22), { id })
            return record
            """
    );

    private static readonly RedisScript DeleteAllScript = new(
        "#!lua flags=allow-oom\n"
            + RedisStatements.Live
            + RedisStatements.Records
            + RedisStatements.Publish
            + """

            local index, prefix, except, now, channel = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
            local ids, keys, records = records_of(index, prefix)
            local spared, ended = 0, {}
            for i = 1, #ids do
                if ids[i] == except then
                    spared = i
                else
                    local some, at = place_of(i)
                    if records[some][at] then
                        ended[#ended + 1] = ids[i]
                    end
                end
            end
            if except ~= '' then
                local some, at = place_of(spared)
                if spared == 0 or not live(records[some][at], now) then
                    return false
                end
                table.remove(keys[some], at - 1)
            end

            for _, some in ipairs(keys) do
                if #some > 0 then
                    redis.call('UNLINK', unpack(some))
                end
            end
            if except == '' then
                redis.call('UNLINK', index)
            else
                redis.call('ZREMRANGEBYRANK', index, spared, -1)
                if spared > 1 then
                    redis.call('ZREMRANGEBYRANK', index, 0, spared - 2)
                end
            end
            tell(channel, 'E', string.sub(prefix, -3), ended)
            return { ids, unpack(records) }
            """
    );

    /// <inheritdoc />
    public async ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        RedisValue[] arguments = [RedisSessionKeys.Member(id), _keys.IndexPrefix(id.Shard), _keys.ChangeChannel];
        var record = await RunAsync(DeleteScript, [_keys.Session(id)], arguments, cancellationToken).ConfigureAwait(false);
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
        var reply = await RunAsync(DeleteAllScript, [_keys.Index(shard, userKey)], arguments, cancellationToken).ConfigureAwait(false);
        return reply.IsNull ? null : ReadLive(shard, (RedisResult[])reply!, except);
    }
}
