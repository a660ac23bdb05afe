using Sessions.Stores;
using StackExchange.Redis;
using RedisFetch = Sessions.Stores.GatheredCall<StackExchange.Redis.RedisKey, byte[]>;

namespace Sessions.Redis;

/// <summary>Reads records, those of callers who come at the same time with one command.</summary>
internal sealed class RedisFetches(RedisConnection connection) : GatheredCalls<RedisKey, byte[]>(maxBatches: int.MaxValue)
{
    protected override async ValueTask<byte[]?> CallAloneAsync(RedisKey key, CancellationToken cancellationToken) =>
        await connection
            .SendAsync(database => database.StringGetAsync(key, CommandFlags.DemandMaster), cancellationToken)
            .ConfigureAwait(false);

    protected override async Task CallTogetherAsync(Batch batch)
    {
        var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
        var commands = Commands(multiplexer, batch.Close());
        var database = multiplexer.GetDatabase();
        // Each command on its own: callers do not wait for other nodes of a cluster, nor fail with them.
        await Task.WhenAll(commands.Select(fetches => FetchAsync(database, fetches))).ConfigureAwait(false);
    }

    protected override Exception Failed(Exception e) => RedisConnection.Failed(e);

    private static IEnumerable<List<RedisFetch>> Commands(IConnectionMultiplexer multiplexer, List<RedisFetch> fetches) =>
        fetches.Count > 1 && RedisPrimaries.IsCluster(multiplexer)
            ? fetches.GroupBy(fetch => multiplexer.HashSlot(fetch.Request)).Select(static slot => slot.ToList())
            : [fetches];

    private async Task FetchAsync(IDatabase database, List<RedisFetch> fetches)
    {
        try
        {
            if (fetches is [var only])
            {
                only.Answer(await database.StringGetAsync(only.Request, CommandFlags.DemandMaster).ConfigureAwait(false));
                return;
            }

            RedisKey[] keys = [.. fetches.Select(static fetch => fetch.Request)];
            var records = await database.StringGetAsync(keys, CommandFlags.DemandMaster).ConfigureAwait(false);
            foreach (var (i, record) in records.Index())
            {
                fetches[i].Answer(record);
            }
        }
        catch (RedisServerException e) when (fetches.Count > 1 && RedisPrimaries.IsSplit(e))
        {
            await Task.WhenAll(fetches.Select(fetch => FetchAsync(database, [fetch]))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fetches.ForEach(fetch => fetch.Fail(Failed(e)));
        }
    }
}
