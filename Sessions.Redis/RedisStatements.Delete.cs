using Sessions.Stores;

namespace Sessions.Redis;

/// <content>Deleting.</content>
internal static partial class RedisStatements
{
    /// <summary>Deletes a session: its record.</summary>
    public static RedisScript Delete { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Sections}}
            {{Publish}}
            local session = KEYS[1]
            local id, prefix, channel = unpack(ARGV)
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
            {{PublishOne(SessionChangeMessage.Ended)}}
            return record
            """
        );

    /// <summary>Deletes all sessions of a user but one, if it is alive: all ids, and in chunks their records.</summary>
    public static RedisScript DeleteAll { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Records}}
            {{Publish}}
            local index = KEYS[1]
            local prefix, except, now, channel = unpack(ARGV)
            now = tonumber(now)
            local ids, keys, records = records_of(index, prefix)
            local kept, ended = 0, {}
            for i = 1, #ids do
                if ids[i] == except then
                    kept = i
                else
                    local chunk, at = position_of(i)
                    if records[chunk][at + 1] then
                        ended[#ended + 1] = ids[i]
                    end
                end
            end
            if except ~= '' then
                local chunk, at = position_of(kept)
                if kept == 0 or not live(records[chunk][at + 1], now) then
                    return false
                end
                table.remove(keys[chunk], at)
            end

            for _, chunk in ipairs(keys) do
                if #chunk > 0 then
                    redis.call('UNLINK', unpack(chunk))
                end
            end
            if except == '' then
                redis.call('UNLINK', index)
            else
                -- Ranks count from 0.
                local rank = kept - 1
                redis.call('ZREMRANGEBYRANK', index, rank + 1, -1)
                if rank > 0 then
                    redis.call('ZREMRANGEBYRANK', index, 0, rank - 1)
                end
            end
            publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(prefix, -{{SessionId.ShardLength}}), ended)
            return { ids, unpack(records) }
            """
        );

    private static string PublishOne(string kind) =>
        $$"""publish(channel, '{{kind}}', string.sub(session, -{{SessionId.Length}}, -{{RedisSessionKeys.MemberLength + 1}}), { id })""";
}
