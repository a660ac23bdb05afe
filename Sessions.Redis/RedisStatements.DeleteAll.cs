using Sessions.Stores;

namespace Sessions.Redis;

/// <content>
/// Deleting all sessions of a user: up to a thousand in one step. An index of more is renamed to a second key, the user's ending sessions,
/// so that those that begin later are not among them, and ended from there step by step. With them stands a fence, a text of this one call:
/// a step that does not find it has nothing left to do. A session that one call spares may be among those that another call is ending: it
/// stays there, for that one.
/// </content>
internal static partial class RedisStatements
{
    /// <summary>How a fence begins, and no id.</summary>
    public const string FenceMark = "=";

    /// <summary>Where fences stand among ending sessions: before all of them.</summary>
    private const string FenceScore = "-inf";

    /// <summary>Ending sessions without the fences, for ZRANGE.</summary>
    private const string BehindFence = "'(-inf', '+inf', 'BYSCORE'";

    private static string Fences =>
        $$"""

            -- The fences that stand with a user's ending sessions.
            local function fences_of(ending)
                return redis.call('ZRANGE', ending, '{{FenceScore}}', '{{FenceScore}}', 'BYSCORE')
            end

            -- Whether sessions are ending beside one that is spared.
            local function is_ending(ending, fences, except)
                local spared = except ~= '' and redis.call('ZSCORE', ending, except)
                return redis.call('ZCARD', ending) > #fences + (spared and 1 or 0)
            end

            """;

    /// <summary>
    /// Deletes all sessions of a user but one, if it is alive: an empty text, all ids, and their records with one before them that is none.
    /// When they are more than one step ends: the fence of those that <see cref="DeleteEnding"/> has to end, of this call or of one that is
    /// not done.
    /// </summary>
    public static RedisScript DeleteAll { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Fences}}
            {{Publish}}
            local index, ending = unpack(KEYS)
            local prefix, except, now, channel, fence = unpack(ARGV)
            -- Fails while the two are on different nodes.
            redis.call('EXISTS', index, ending)
            local score, ending_score
            if except ~= '' then
                score, ending_score = redis.call('ZSCORE', index, except), redis.call('ZSCORE', ending, except)
                local record = unpack(redis.call('MGET', prefix .. except, index))
                if not (score or ending_score) or not live(record, tonumber(now)) then
                    return false
                end
            end
            local fences = fences_of(ending)
            if is_ending(ending, fences, except) then
                return { fences[1] }
            end

            if redis.call('ZCARD', index) > {{ChunkSize}} then
                local old_ttl = redis.call('PTTL', ending)
                redis.call('RENAME', index, ending)
                local ttl = redis.call('PTTL', ending)
                if score then
                    redis.call('ZREM', ending, except)
                    redis.call('ZADD', index, score, except)
                    if ttl > 0 then
                        redis.call('PEXPIRE', index, ttl)
                    end
                end
                if ending_score then
                    for _, other in ipairs(fences) do
                        redis.call('ZADD', ending, '{{FenceScore}}', other)
                    end
                    redis.call('ZADD', ending, ending_score, except)
                    if ttl > 0 and old_ttl > ttl then
                        redis.call('PEXPIRE', ending, old_ttl)
                    end
                end
                redis.call('ZADD', ending, '{{FenceScore}}', fence)
                return { fence }
            end

            local ids = redis.call('ZRANGE', index, 0, -1)
            local keys, kept = {}, 0
            for i, id in ipairs(ids) do
                keys[i] = prefix .. id
                if id == except then
                    kept = i
                end
            end
            -- As records_of does.
            local records = redis.call('MGET', index, unpack(keys))
            local ended = {}
            for i, id in ipairs(ids) do
                if i ~= kept and records[i + 1] then
                    ended[#ended + 1] = id
                end
            end
            if kept > 0 then
                table.remove(keys, kept)
                -- Ranks count from 0.
                redis.call('ZREMRANGEBYRANK', index, kept, -1)
                if kept > 1 then
                    redis.call('ZREMRANGEBYRANK', index, 0, kept - 1 - 1)
                end
            else
                redis.call('UNLINK', index)
            end
            if #keys > 0 then
                redis.call('UNLINK', unpack(keys))
            end
            publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(prefix, -{{SessionId.ShardLength}}), ended)
            return { '', ids, records }
            """
        );

    /// <summary>
    /// Deletes some of a user's ending sessions but one, if this fence stands with them: whether there are more, ids, and their records
    /// with one before them that is none. The last step leaves the fence for a while: it tells those who are listing the user's sessions
    /// that some of them went to another key.
    /// </summary>
    public static RedisScript DeleteEnding { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Records}}
            {{Fences}}
            {{Publish}}
            local index, ending = unpack(KEYS)
            local prefix, except, fence, channel, tolerance = unpack(ARGV)
            -- Fails while the two are on different nodes.
            redis.call('EXISTS', index, ending)
            if not redis.call('ZSCORE', ending, fence) then
                return { 0, {} }
            end
            local ids = redis.call('ZRANGE', ending, {{BehindFence}}, 'LIMIT', 0, {{ChunkSize + 1}})
            for i, id in ipairs(ids) do
                if id == except then
                    table.remove(ids, i)
                    break
                end
            end
            ids[{{ChunkSize + 1}}] = nil
            if #ids == 0 then
                return { 0, {} }
            end
            local records = unpack(records_of(ending, prefix, ids))
            local keys, ended = {}, {}
            for i, id in ipairs(ids) do
                if is_marker(records[i + 1]) then
                    -- A sign-in has ended the session meanwhile.
                    records[i + 1] = false
                elseif records[i + 1] then
                    keys[#keys + 1] = prefix .. id
                    ended[#ended + 1] = id
                end
            end
            if #keys > 0 then
                redis.call('UNLINK', unpack(keys))
            end
            redis.call('ZREM', ending, unpack(ids))
            -- A session that was used meanwhile is there again.
            redis.call('ZREM', index, unpack(ids))
            publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(prefix, -{{SessionId.ShardLength}}), ended)
            local fences = fences_of(ending)
            if not is_ending(ending, fences, '') then
                redis.call('PEXPIRE', ending, tolerance)
            end
            return { is_ending(ending, fences, except) and 1 or 0, ids, records }
            """
        );
}
