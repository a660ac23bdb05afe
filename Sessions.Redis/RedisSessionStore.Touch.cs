using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Moving last use and expiry forward.</content>
public sealed partial class RedisSessionStore
{
    private const int TouchesPerScript = 500;

    private static readonly RedisScript TouchScript = new(
        "#!lua flags=allow-oom\n"
            + RedisStatements.Live
            + RedisStatements.Sections
            + RedisStatements.Extend
            + """

            local prefix, now, tolerance = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

            local function touch(session, id, seen, expires)
                -- As far as the end of the longest user key.
                local head = redis.call('GETRANGE', session, 0, 610)
                if not live(head, now) then
                    return
                end
                local old_seen, old_expires = struct.unpack('>i7i7', head, 3)
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
                redis.call('SETRANGE', session, 2, struct.pack('>i7i7', math.max(seen, old_seen), math.max(expires, old_expires)))
                if slides then
                    extend(session, expires, now, tolerance)
                    if user ~= '' then
                        note(prefix .. user, id, expires, now, tolerance)
                    end
                end
            end

            for i, session in ipairs(KEYS) do
                touch(session, ARGV[1 + 3 * i], tonumber(ARGV[2 + 3 * i]), tonumber(ARGV[3 + 3 * i]))
            end
            """
    );

    /// <inheritdoc />
    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        // A script stays within one slot of a cluster. They are sent together, without waiting for each other.
        var calls = touches.GroupBy(static touch => touch.Id.Shard).SelectMany(CreateTouchCalls).ToList();
        await _connection
            .SendAsync(
                database => Task.WhenAll(calls.Select(call => TouchScript.RunAsync(database, call.Keys, call.Arguments))),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private IEnumerable<(RedisKey[] Keys, RedisValue[] Arguments)> CreateTouchCalls(IGrouping<string, SessionTouch> shard)
    {
        foreach (var touches in shard.Chunk(TouchesPerScript))
        {
            var arguments = touches.SelectMany(static touch =>
                new RedisValue[]
                {
                    RedisSessionKeys.Member(touch.Id),
                    touch.LastSeenAt.ToUnixTimeMilliseconds(),
                    touch.ExpiresAt.ToUnixTimeMilliseconds(),
                }
            );
            yield return (
                [.. touches.Select(touch => _keys.Session(touch.Id))],
                [_keys.IndexPrefix(shard.Key), Now, Tolerance, .. arguments]
            );
        }
    }
}
