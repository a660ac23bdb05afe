using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Making room for a user who is far over the limit, step by step.</content>
internal static partial class RedisStatements
{
    /// <summary>Deletes those of some sessions of a user that were not used meanwhile: their keys and records in turn.</summary>
    public static RedisScript Evict { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Publish}}
            local index, channel = KEYS[1], ARGV[1]
            -- The index has no record: naming it makes the call fail while some of the keys are on another node.
            local records = redis.call('MGET', unpack(KEYS))
            local keys, ids, rows = {}, {}, {}
            for i, record in ipairs(records) do
                local is_session = known(record) and not is_marker(record)
                if is_session and struct.unpack('{{InstantFormat}}', record, {{Lua(LastSeenAtOffset)}}) == tonumber(ARGV[i]) then
                    keys[#keys + 1] = KEYS[i]
                    ids[#ids + 1] = string.sub(KEYS[i], -{{RedisSessionKeys.MemberLength}})
                    rows[#rows + 1] = KEYS[i]
                    rows[#rows + 1] = record
                end
            end
            if #keys > 0 then
                redis.call('UNLINK', unpack(keys))
                redis.call('ZREM', index, unpack(ids))
                publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(keys[1], -{{SessionId.Length}}, -{{RedisSessionKeys.MemberLength
                    + 1}}), ids)
            end
            return rows
            """
        );

    /// <summary>Takes some of what has expired by every clock, and is gone, out of a user's index: whether there may be more.</summary>
    public static RedisScript Prune { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            local index = KEYS[1]
            local prefix, before = unpack(ARGV)
            local gone = {}
            for _, id in ipairs(redis.call('ZRANGE', index, '-inf', before, 'BYSCORE', 'LIMIT', 0, {{ChunkSize}})) do
                -- Fails while the two are on different nodes.
                if redis.call('EXISTS', index, prefix .. id) == 1 then
                    gone[#gone + 1] = id
                end
            end
            if #gone > 0 then
                redis.call('ZREM', index, unpack(gone))
            end
            return #gone == {{ChunkSize}} and 1 or 0
            """
        );
}
