using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    private const int Created = 0;
    private const int Duplicate = 1;

    private static readonly RedisScript CreateScript = new(
        "#!lua\n"
            + RedisScriptLibrary.Live
            + RedisScriptLibrary.Extend
            + RedisScriptLibrary.Records
            + RedisScriptLibrary.Delete
            + RedisScriptLibrary.Tell
            + """

            local session, index = KEYS[1], KEYS[2]
            local id, record, prefix = ARGV[1], ARGV[2], ARGV[3]
            local now, expires, tolerance = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
            local max, refuse, channel = tonumber(ARGV[7]), ARGV[8] == '1', ARGV[9]

            -- The oldest sessions beyond the limit.
            local function surplus()
                local ids, _, records = records_of(index, prefix)
                local all = {}
                for i = 1, #ids do
                    local some, at = place_of(i)
                    local record = records[some][at]
                    if live(record, now) then
                        all[#all + 1] = { ids[i], record, (struct.unpack('>i7', record, 24)) }
                    end
                end
                table.sort(all, function(a, b)
                    if a[3] == b[3] then
                        return a[1] < b[1]
                    end
                    return a[3] < b[3]
                end)
                for i = #all, math.max(0, #all + 1 - max) + 1, -1 do
                    all[i] = nil
                end
                return all
            end

            -- Ids of sessions that expired by every clock and whose keys are gone.
            local function gone()
                local ids = redis.call('ZRANGE', index, '-inf', math.floor((now - tolerance) / 1000), 'BYSCORE', 'LIMIT', 0, 100)
                local dead = {}
                for _, other in ipairs(ids) do
                    if redis.call('EXISTS', index, prefix .. other) == 1 then
                        dead[#dead + 1] = other
                    end
                end
                return dead
            end

            if redis.call('EXISTS', session) == 1 then
                return { 1 }
            end
            local ended = max > 0 and surplus() or {}
            if refuse and #ended > 0 then
                return { 2 }
            end
            local dead = index and gone() or {}

            redis.call('SET', session, record, 'PX', string.format('%.0f', math.max(1, expires - now + tolerance)))
            local reply = { 0 }
            if index then
                note(index, id, expires, now, tolerance)
                local told, records = {}, { false }
                for i, other in ipairs(ended) do
                    told[i] = other[1]
                    dead[#dead + 1] = other[1]
                    records[i + 1] = other[2]
                end
                delete(index, prefix, dead)
                tell(channel, 'E', string.sub(prefix, -3), told)
                reply = { 0, told, records }
            end
            return reply
            """
    );

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The id has not the shard of its user, so the session could never be listed.</exception>
    public async ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var shard = session.Id.Shard;
        if (session.UserKey is { } userKey && ShardOf(userKey) != shard)
        {
            throw new ArgumentException("The id of a session begins with the shard of its user; this one does not.", nameof(session));
        }

        limit = session.UserKey is null ? null : limit;
        RedisKey[] keys = session.UserKey is null
            ? [_keys.Session(session.Id)]
            : [_keys.Session(session.Id), _keys.Index(shard, session.UserKey)];
        RedisValue[] arguments =
        [
            RedisSessionKeys.Member(session.Id),
            RedisSessionRecord.Write(session),
            _keys.SessionPrefix(shard),
            Now,
            session.ExpiresAt.ToUnixTimeMilliseconds(),
            Tolerance,
            limit?.Max ?? 0,
            limit?.Policy == SessionLimitPolicy.Refuse ? 1 : 0,
            _keys.Changes,
        ];
        var reply = (RedisResult[])(await RunAsync(CreateScript, keys, arguments, cancellationToken).ConfigureAwait(false))!;
        return (int)reply[0] switch
        {
            Created => reply.Length == 1 ? [] : Live(shard, reply[1..], except: null),
            Duplicate => throw new DuplicateSessionException(session.Id),
            _ => throw new SessionLimitException(limit!),
        };
    }
}
