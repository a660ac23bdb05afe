using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    private const int Created = 0;
    private const int Duplicate = 1;

    // Without a function, since each is made anew whenever a script runs: most sign-ins take no more than this.
    private const string StoreText = """

        local call, session, index = redis.call, KEYS[1], KEYS[2]
        local record, ttl, expires, expired = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

        -- Ids of sessions that expired by every clock and whose keys are gone.
        local dead = {}
        if index then
            for i, other in ipairs(call('ZRANGE', index, '-inf', expired, 'BYSCORE', 'LIMIT', 0, 100)) do
                if call('EXISTS', index, string.sub(session, 1, -22) .. other) == 1 then
                    dead[#dead + 1] = other
                end
            end
        end

        if not call('SET', session, record, 'NX', 'PX', ttl) then
            return { 1 }
        end
        if index then
            call('ZADD', index, expires, string.sub(session, -21))
            -- Never shorter than before; see extend.
            if call('PEXPIRE', index, ttl, 'GT') == 0 and call('PTTL', index) == -1 then
                call('PEXPIRE', index, ttl)
            end
            if #dead > 0 then
                call('ZREM', index, unpack(dead))
            end
        end

        """;

    private static readonly RedisScript CreateScript = new($"#!lua\n{StoreText}return {{ 0 }}");

    private static readonly RedisScript CreateWithinLimitScript = new(
        "#!lua\n"
            + RedisScriptLibrary.Live
            + RedisScriptLibrary.Records
            + RedisScriptLibrary.Delete
            + RedisScriptLibrary.Tell
            + """

            local prefix, now, max, refuse, channel = string.sub(KEYS[1], 1, -22), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1', ARGV[8]

            -- The oldest sessions beyond the limit.
            local function surplus()
                local ids, _, records = records_of(KEYS[2], prefix)
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

            if redis.call('EXISTS', KEYS[1]) == 1 then
                return { 1 }
            end
            local ended = surplus()
            if refuse and #ended > 0 then
                return { 2 }
            end

            """
            + StoreText
            + """

            local ids, records = {}, { false }
            for i, other in ipairs(ended) do
                ids[i], records[i + 1] = other[1], other[2]
            end
            delete(index, prefix, ids)
            tell(channel, 'E', string.sub(prefix, -3), ids)
            return { 0, ids, records }
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
        var (now, expires) = (Now, session.ExpiresAt.ToUnixTimeMilliseconds());
        RedisValue[] arguments =
        [
            RedisSessionRecord.Write(session),
            Math.Max(1, expires - now + Tolerance),
            (long)Math.Ceiling(expires / 1000d),
            (long)Math.Floor((now - Tolerance) / 1000d),
        ];
        var script = CreateScript;
        if (limit is not null)
        {
            arguments = [.. arguments, now, limit.Max, limit.Policy == SessionLimitPolicy.Refuse ? 1 : 0, _keys.Changes];
            script = CreateWithinLimitScript;
        }

        var reply = (RedisResult[])(await RunAsync(script, keys, arguments, cancellationToken).ConfigureAwait(false))!;
        return (int)reply[0] switch
        {
            Created => reply.Length == 1 ? [] : Live(shard, reply[1..], except: null),
            Duplicate => throw new DuplicateSessionException(session.Id),
            _ => throw new SessionLimitException(limit!),
        };
    }
}
