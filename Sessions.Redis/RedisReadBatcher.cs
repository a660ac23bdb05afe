using Sessions.Stores;
using StackExchange.Redis;
using BatchedRead = Sessions.Stores.BatchedCall<StackExchange.Redis.RedisKey, byte[]>;

namespace Sessions.Redis;

/// <summary>Reads records, those of callers who come at the same time with one command.</summary>
internal sealed class RedisReadBatcher(RedisConnection connection) : RequestBatcher<RedisKey, byte[]>("Redis", maxBatches: int.MaxValue)
{
    protected override async ValueTask<byte[]?> ExecuteOneAsync(RedisKey key, CancellationToken cancellationToken) =>
        await connection
            .SendAsync(database => database.StringGetAsync(key, CommandFlags.DemandMaster), cancellationToken)
            .ConfigureAwait(false);

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
        var commands = GroupBySlot(multiplexer, batch.Close());
        var database = multiplexer.GetDatabase();
        // Each command on its own: callers do not wait for other nodes of a cluster, nor fail with them.
        await Task.WhenAll(commands.Select(reads => ReadAsync(database, reads))).ConfigureAwait(false);
    }

    private static IEnumerable<List<BatchedRead>> GroupBySlot(IConnectionMultiplexer multiplexer, List<BatchedRead> reads) =>
        reads.Count > 1 && RedisPrimaries.IsCluster(multiplexer)
            ? reads.GroupBy(read => multiplexer.HashSlot(read.Request)).Select(static slot => slot.ToList())
            : [reads];

    private async Task ReadAsync(IDatabase database, List<BatchedRead> reads)
    {
        try
        {
            if (reads is [var only])
            {
                only.SetResult(await database.StringGetAsync(only.Request, CommandFlags.DemandMaster).ConfigureAwait(false));
                return;
            }

            RedisKey[] keys = [.. reads.Select(static read => read.Request)];
            var records = await database.StringGetAsync(keys, CommandFlags.DemandMaster).ConfigureAwait(false);
            foreach (var (i, record) in records.Index())
            {
                reads[i].SetResult(record);
            }
        }
        catch (RedisServerException e) when (reads.Count > 1 && RedisPrimaries.IsSplit(e))
        {
            await Task.WhenAll(reads.Select(read => ReadAsync(database, [read]))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            reads.ForEach(read => read.SetException(CreateFailure(e)));
        }
    }
}
