using Sessions.Stores;
using StackExchange.Redis;
using RedisGatheredCreation = Sessions.Stores.BatchedCall<Sessions.Redis.RedisInsert, Sessions.Redis.RedisInsert>;

namespace Sessions.Redis;

/// <summary>
/// Creates sessions of which nobody asks how many there are, those of callers who come at the same time with one script. What was created is answered, and null where the id is taken.
/// </summary>
internal sealed class RedisInsertBatcher(RedisConnection connection) : RequestBatcher<RedisInsert, RedisInsert>(maxBatches: int.MaxValue)
{
    private static readonly RedisScript Script = new($"#!lua\n{RedisStatements.Create}return outcomes");

    protected override async ValueTask<RedisInsert?> ExecuteOneAsync(RedisInsert insert, CancellationToken cancellationToken)
    {
        var outcome = await connection
            .SendAsync(database => Script.RunAsync(database, insert.Keys, insert.Arguments), cancellationToken)
            .ConfigureAwait(false);
        return IsCreated(((RedisResult[])outcome!)[0]) ? insert : null;
    }

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
        var creations = batch.Close();
        var database = multiplexer.GetDatabase();
        // On a cluster they would have to be of one slot, and hardly any are.
        await (
            RedisPrimaries.IsCluster(multiplexer) ? ExecuteEachAsync(database, creations) : ExecuteTogetherAsync(database, creations)
        ).ConfigureAwait(false);
    }

    protected override Exception WrapException(Exception e) => RedisConnection.WrapException(e);

    /// <summary>Whether a key, which nobody knows yet, holds what another program has put there.</summary>
    private static bool IsWrongType(RedisServerException e) => e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private static bool IsCreated(RedisResult outcome) => (int)outcome == 0;

    private Task ExecuteEachAsync(IDatabase database, List<RedisGatheredCreation> inserts) =>
        Task.WhenAll(inserts.Select(creation => ExecuteTogetherAsync(database, [creation])));

    private async Task ExecuteTogetherAsync(IDatabase database, List<RedisGatheredCreation> inserts)
    {
        if (inserts.Count == 0)
        {
            return;
        }

        try
        {
            RedisKey[] keys = [.. inserts.SelectMany(static creation => creation.Request.Keys)];
            RedisValue[] arguments = [.. inserts.SelectMany(static creation => creation.Request.Arguments)];
            var outcomes = (RedisResult[])(await Script.RunAsync(database, keys, arguments).ConfigureAwait(false))!;
            foreach (var (i, outcome) in outcomes.Index())
            {
                inserts[i].SetResult(IsCreated(outcome) ? inserts[i].Request : null);
            }
        }
        catch (RedisServerException e) when (inserts.Count > 1 && (RedisPrimaries.IsSplit(e) || IsWrongType(e)))
        {
            // Found out before anything was written: the script begins with all that it reads.
            await ExecuteEachAsync(database, inserts).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            inserts.ForEach(creation => creation.SetException(WrapException(e)));
        }
    }
}
