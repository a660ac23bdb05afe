using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Creating and touching.</content>
internal static partial class RedisStatements
{
    // How many entries of an index that have expired by every clock a sign-in removes at most.
    private const int PruneBatchSize = 100;

    /// <summary>What became of an insert.</summary>
    public enum InsertOutcome
    {
        Created = 0,
        Duplicate = 1,
        LimitReached = 2,
    }

    /// <summary>Inserts sessions, see <see cref="RedisInsert"/>: the outcome of each.</summary>
    public static RedisScript Insert { get; } =
        new(
            $$"""
            #!lua
            local inserts = #KEYS / {{RedisInsert.KeyCount}}
            {{InsertSessions}}
            return outcomes
            """
        );

    /// <summary>In place of a limit: there is none.</summary>
    public const int NoLimit = -1;

    /// <summary>
    /// Inserts a session within the limit of its user, and ends the one that it replaces: the outcome, the ids of those that made room,
    /// their records with one before them that is none, and the record that was replaced.
    /// </summary>
    public static RedisScript InsertInPlace { get; } =
        new(
            $$"""
            #!lua
            {{Live}}
            {{Sections}}
            {{Records}}
            {{DeleteSessions}}
            {{Publish}}
            local inserts = 1
            local now, max, refuses, channel, replaces, marker, marker_ttl = unpack(ARGV, {{RedisInsert.ArgumentCount}} + 1)
            local newcomer = ARGV[{{RedisInsert.Record}}]
            now, max, refuses = tonumber(now), tonumber(max), refuses == '1'
            local session, index = unpack(KEYS)
            local prefix = string.sub(session, 1, -{{RedisSessionKeys.MemberLength + 1}})

            local replaced

            -- The record of the session that the new one replaces: a live one of the same user.
            local function find_replaced()
                -- Naming the index too makes the call fail while the two are on different nodes.
                local record = replaces ~= '' and unpack(redis.call('MGET', prefix .. replaces, index))
                if not live(record, now) then
                    return false
                end
                local readable, user = pcall(user_of, record)
                return readable and user == user_of(newcomer) and record
            end

            -- The least recently used sessions of the same kind beyond the limit.
            local function find_evicted()
                if max == {{NoLimit}} or redis.call('ZCARD', index) < max then
                    return {}
                end
                local is_bearer = flagged(newcomer, {{(int)SessionRecordFlags.Bearer}})
                local ids, _, records = records_of(index, prefix)
                local all = {}
                for i = 1, #ids do
                    local chunk, at = position_of(i)
                    local record = records[chunk][at + 1]
                    local counts = live(record, now) and not (replaced and ids[i] == replaces)
                    if counts and flagged(record, {{(int)SessionRecordFlags.Bearer}}) == is_bearer then
                        local seen = struct.unpack('{{InstantFormat}}', record, {{Lua(LastSeenAtOffset)}})
                        local created = struct.unpack('{{InstantFormat}}', record, {{Lua(CreatedAtOffset)}})
                        all[#all + 1] = { id = ids[i], record = record, seen = seen, created = created }
                    end
                end
                table.sort(all, function(one, other)
                    if one.seen ~= other.seen then
                        return one.seen < other.seen
                    end
                    if one.created == other.created then
                        return one.id < other.id
                    end
                    return one.created < other.created
                end)
                for i = #all, math.max(0, #all + 1 - max) + 1, -1 do
                    all[i] = nil
                end
                return all
            end

            if redis.call('EXISTS', session) == 1 then
                return { {{(int)InsertOutcome.Duplicate}} }
            end
            replaced = find_replaced()
            local evicted = find_evicted()
            if refuses and #evicted > 0 then
                return { {{(int)InsertOutcome.LimitReached}} }
            end
            {{InsertSessions}}
            local ids, records = {}, { false }
            for i, other in ipairs(evicted) do
                ids[i], records[i + 1] = other.id, other.record
            end
            delete(index, prefix, ids)
            publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(prefix, -{{SessionId.ShardLength}}), ids)
            if replaced then
                redis.call('SET', prefix .. replaces, marker, 'PX', marker_ttl)
                redis.call('ZREM', index, replaces)
                publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(prefix, -{{SessionId.ShardLength}}), { replaces })
            end
            return { {{(int)InsertOutcome.Created}}, ids, records, replaced }
            """
        );

    /// <summary>Writes into the index of a tag until when a session can live at the most. What is past by every clock leaves it.</summary>
    public static RedisScript IndexTag { get; } =
        new(
            """
            #!lua
            local index = KEYS[1]
            local id, score, ttl, prune_before = unpack(ARGV)
            redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. prune_before)
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

    // Without a function, since each would be made anew for every sign-in. First all reads.
    private static string InsertSessions =>
        $$"""

            local call, outcomes, dead = redis.call, {}, {}
            for n = 0, inserts - 1 do
                local session, index = KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.SessionKey}}], KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.IndexKey}}]
                if index ~= session then
                    -- Those that expired by every clock and whose keys are gone.
                    local before = ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.PruneBefore}}]
                    for _, other in ipairs(call('ZRANGE', index, '-inf', before, 'BYSCORE', 'LIMIT', 0, {{PruneBatchSize}})) do
                        if call('EXISTS', index, string.sub(session, 1, -{{RedisSessionKeys.MemberLength + 1}}) .. other) == 1 then
                            dead[#dead + 1] = { insert = n, id = other }
                        end
                    end
                end
            end

            for n = 0, inserts - 1 do
                local record, ttl = ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.Record}}], ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.TimeToLive}}]
                local is_created = call('SET', KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.SessionKey}}], record, 'NX', 'PX', ttl)
                outcomes[n + 1] = is_created and {{(int)InsertOutcome.Created}} or {{(int)InsertOutcome.Duplicate}}
            end
            for _, other in ipairs(dead) do
                if outcomes[other.insert + 1] == {{(int)InsertOutcome.Created}} then
                    call('ZREM', KEYS[other.insert * {{RedisInsert.KeyCount}} + {{RedisInsert.IndexKey}}], other.id)
                end
            end
            for n = 0, inserts - 1 do
                local session, index = KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.SessionKey}}], KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.IndexKey}}]
                if index ~= session and outcomes[n + 1] == {{(int)InsertOutcome.Created}} then
                    local ttl, score = ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.TimeToLive}}], ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.Score}}]
                    call('ZADD', index, score, string.sub(session, -{{RedisSessionKeys.MemberLength}}))
                    -- As extend does.
                    if call('PEXPIRE', index, ttl, 'GT') == 0 and call('PTTL', index) == -1 then
                        call('PEXPIRE', index, ttl)
                    end
                end
            end

            """;
}
