using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Touching, and writing into the index of a tag.</content>
internal static partial class RedisStatements
{
    /// <summary>
    /// Writes into the index of a tag until when a session can live at the most. What is past by every clock leaves it, a part at a time.
    /// </summary>
    public static RedisScript IndexTag { get; } =
        new(
            $$"""
            #!lua
            local index = KEYS[1]
            local id, score, ttl, prune_before = unpack(ARGV)
            local dead = redis.call('ZRANGE', index, '-inf', '(' .. prune_before, 'BYSCORE', 'LIMIT', 0, {{PruneBatchSize}})
            if #dead > 0 then
                redis.call('ZREM', index, unpack(dead))
            end
            redis.call('ZADD', index, 'GT', score, id)
            -- As extend does.
            if redis.call('PEXPIRE', index, ttl, 'GT') == 0 and redis.call('PTTL', index) == -1 then
                redis.call('PEXPIRE', index, ttl)
            end
            return redis.status_reply('OK')
            """
        );

    /// <summary>Moves last use and expiry of sessions forward, see <see cref="RedisTouch"/>.</summary>
    public static RedisScript Touch { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Sections}}
            {{Extend}}
            local prefix, now, tolerance = unpack(ARGV, 1, {{RedisTouch.SharedArgumentCount}})
            now, tolerance = tonumber(now), tonumber(tolerance)

            local function touch(session, id, seen, expires)
                seen, expires = tonumber(seen), tonumber(expires)
                -- As far as the end of the longest user key.
                local head = redis.call('GETRANGE', session, 0, {{HeaderLength + MaxUserSectionLength - 1}})
                if not live(head, now) then
                    return
                end
                local old_seen, old_expires = struct.unpack('{{TouchFormat}}', head, {{Lua(LastSeenAtOffset)}})
                expires = math.min(expires, (struct.unpack('{{InstantFormat}}', head, {{Lua(EndsAtOffset)}})))
                if seen <= old_seen and expires <= old_expires then
                    return
                end
                local readable, user = pcall(user_of, head)
                if not readable then
                    return
                end
                local slides = expires > old_expires
                if slides and user ~= '' then
                    -- Fails while the two are on different nodes.
                    redis.call('EXISTS', session, prefix .. user)
                end
                local touched = struct.pack('{{TouchFormat}}', math.max(seen, old_seen), math.max(expires, old_expires))
                redis.call('SETRANGE', session, {{LastSeenAtOffset}}, touched)
                if slides then
                    extend(session, expires, now, tolerance)
                    if user ~= '' then
                        index_session(prefix .. user, id, expires, now, tolerance)
                    end
                end
            end

            for i, session in ipairs(KEYS) do
                local last = {{RedisTouch.SharedArgumentCount}} + i * {{RedisTouch.ArgumentCount}}
                touch(session, unpack(ARGV, last - {{RedisTouch.ArgumentCount - 1}}, last))
            end
            """
        );
}
