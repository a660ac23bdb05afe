using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Moving last use and expiry forward.</content>
public sealed partial class RedisSessionStore
{
    private const int TouchesPerScript = 500;

    /// <inheritdoc />
    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        // A script stays within one slot of a cluster. They are sent together, without waiting for each other.
        var calls = touches.GroupBy(static touch => touch.Id.Shard).SelectMany(CreateTouchCalls).ToList();
        await _connection
            .SendAsync(
                database => Task.WhenAll(calls.Select(call => RedisStatements.Touch.RunAsync(database, call.Keys, call.Arguments))),
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

/// <summary>How many arguments the script has: for all touches, and for each.</summary>
internal static class RedisTouch
{
    /// <summary>What makes an index key, now, and the tolerance of clocks.</summary>
    public const int SharedArgumentCount = 3;

    /// <summary>The member, last use and expiry.</summary>
    public const int ArgumentCount = 3;
}
