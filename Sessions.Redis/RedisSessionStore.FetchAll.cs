using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Listing.</content>
public sealed partial class RedisSessionStore
{
    private static readonly RedisScript FetchAllScript = new(
        "#!lua flags=allow-oom\n"
            + RedisScriptLibrary.Records
            + """

            local ids, records = records_of(KEYS[1], ARGV[1])
            local reply = {}
            for i = 1, #ids do
                if records[i] then
                    reply[#reply + 1] = ids[i]
                    reply[#reply + 1] = records[i]
                end
            end
            return reply
            """
    );

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ShardOf(userKey);
        RedisKey[] keys = [_keys.Index(shard, userKey)];
        var reply = await RunAsync(FetchAllScript, keys, [_keys.SessionPrefix(shard)], cancellationToken).ConfigureAwait(false);
        return Live(shard, (RedisResult[])reply!);
    }
}
