using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Creating.</content>
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

        /// <summary>The user may be at the limit: nothing was done, and it takes <see cref="RedisStatements.InsertInPlace"/>.</summary>
        NearLimit = 3,

        /// <summary>
        /// The user may be more than a step over the limit: nothing was done. <see cref="RedisStatements.Evict"/> comes first, and then the
        /// same once more, with a word that it did.
        /// </summary>
        FarOverLimit = 4,
    }

    /// <summary>
    /// Inserts sessions, see <see cref="RedisInsert"/>: the outcome of each. Those of users who are far from the limit: what has expired,
    /// or is of another kind, is counted too.
    /// </summary>
    public static RedisScript Insert { get; } =
        new(
            $$"""
            #!lua
            local inserts = #KEYS / {{RedisInsert.KeyCount}}
            local near_limit, added = {}, {}
            for n = 0, inserts - 1 do
                local index = KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.IndexKey}}]
                local before = added[index] or 0
                added[index] = before + 1
                local max = tonumber(ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.Max}}])
                if max ~= {{NoLimit}} then
                    local ending = KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.EndingKey}}]
                    near_limit[n + 1] = before + redis.call('ZCARD', index) + redis.call('ZCARD', ending) >= max
                end
            end
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
            local now, refuses, has_evicted, channel, replaces, marker, marker_ttl = unpack(ARGV, {{RedisInsert.ArgumentCount}} + 1)
            local newcomer, max = ARGV[{{RedisInsert.Record}}], tonumber(ARGV[{{RedisInsert.Max}}])
            local session, index, ending = unpack(KEYS)
            local prefix = string.sub(session, 1, -{{RedisSessionKeys.MemberLength + 1}})
            local evicted, replaced = {}, false
            local members = max ~= {{NoLimit}} and redis.call('ZCARD', index) + redis.call('ZCARD', ending)
            -- Most users are far from the limit and replace nothing: no function is made for them.
            if replaces ~= '' or members and members >= max then
                {{Live}}
                {{Sections}}
                {{Records}}
                now = tonumber(now)

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

                -- The other live sessions of the same kind.
                local function find_counted()
                    local is_bearer = flagged(newcomer, {{(int)SessionRecordFlags.Bearer}})
                    local ids = ids_of(index, ending)
                    local records = records_of(index, prefix, ids)
                    local counted = {}
                    for i, id in ipairs(ids) do
                        local chunk, at = position_of(i)
                        local record = records[chunk][at]
                        if live(record, now) and flagged(record, {{(int)
                SessionRecordFlags.Bearer}}) == is_bearer and not (replaced and id == replaces) then
                            local seen, _, _, created = struct.unpack('{{InstantsFormat}}', record, {{Lua(LastSeenAtOffset)}})
                            counted[#counted + 1] = { id = id, record = record, seen = seen, created = created }
                        end
                    end
                    return counted
                end

                -- Byte by byte: the server compares texts as its locale does.
                local function is_less(one, other)
                    for i = 1, #one do
                        local byte, other_byte = string.byte(one, i), string.byte(other, i)
                        if byte ~= other_byte then
                            return byte < other_byte
                        end
                    end
                    return false
                end

                local function is_before(one, other)
                    if one.seen ~= other.seen then
                        return one.seen < other.seen
                    end
                    if one.created == other.created then
                        return is_less(one.id, other.id)
                    end
                    return one.created < other.created
                end

                -- Of these, so many that were used the least recently. Mostly it is one, which needs no order of all.
                local function first_of(counted, surplus)
                    if surplus == 1 then
                        local first = counted[1]
                        for _, other in ipairs(counted) do
                            first = is_before(other, first) and other or first
                        end
                        return { first }
                    end
                    table.sort(counted, is_before)
                    for i = #counted, surplus + 1, -1 do
                        counted[i] = nil
                    end
                    return counted
                end

                if redis.call('EXISTS', session) == 1 then
                    return { {{(int)InsertOutcome.Duplicate}} }
                end
                replaced = find_replaced()
                if members and has_evicted ~= '1' and members > max + {{ChunkSize}} then
                    return { {{(int)InsertOutcome.FarOverLimit}} }
                end
                if members and members - (replaced and 1 or 0) >= max then
                    local counted = find_counted()
                    if #counted >= max then
                        evicted = first_of(counted, #counted + 1 - max)
                    end
                end
                if refuses == '1' and #evicted > 0 then
                    return { {{(int)InsertOutcome.LimitReached}} }
                end
            end

            local inserts, near_limit = 1, {}
            {{InsertSessions}}
            if #evicted == 0 and not replaced then
                return outcomes
            end
            {{DeleteSessions}}
            {{Publish}}
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

    // Without a function, since each would be made anew for every sign-in. First all reads.
    private static string InsertSessions =>
        $$"""

            local call, outcomes, dead = redis.call, {}, {}
            for n = 0, inserts - 1 do
                local session, index = KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.SessionKey}}], KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.IndexKey}}]
                if index ~= session and not near_limit[n + 1] then
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
                if near_limit[n + 1] then
                    outcomes[n + 1] = {{(int)InsertOutcome.NearLimit}}
                else
                    local record, ttl = ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.Record}}], ARGV[n * {{RedisInsert.ArgumentCount}} + {{RedisInsert.TimeToLive}}]
                    local is_created = call('SET', KEYS[n * {{RedisInsert.KeyCount}} + {{RedisInsert.SessionKey}}], record, 'NX', 'PX', ttl)
                    outcomes[n + 1] = is_created and {{(int)InsertOutcome.Created}} or {{(int)InsertOutcome.Duplicate}}
                end
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
