using Sessions.Stores;
using StackExchange.Redis;
using BatchedInsert = Sessions.Stores.BatchedCall<Sessions.Redis.RedisInsert, Sessions.Redis.RedisInsert>;

namespace Sessions.Redis;

/// <summary>
/// Creates sessions without a limit, those of callers that come at the same time with one script. The result is what was created, and null where the id is taken.
/// </summary>
internal sealed class RedisInsertBatcher(RedisConnection connection)
    : RequestBatcher<RedisInsert, RedisInsert>("Redis", maxBatches: int.MaxValue)
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
        var inserts = batch.Close();
        var database = multiplexer.GetDatabase();
        // On a cluster they would have to be of one slot, and hardly any are.
        await (
            RedisPrimaries.IsCluster(multiplexer) ? ExecuteEachAsync(database, inserts) : ExecuteTogetherAsync(database, inserts)
        ).ConfigureAwait(false);
    }

    /// <summary>Whether a key, which is new, holds what another program has put there.</summary>
    private static bool IsWrongType(RedisServerException e) => e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private static bool IsCreated(RedisResult outcome) => (int)outcome == 0;

    private Task ExecuteEachAsync(IDatabase database, List<BatchedInsert> inserts) =>
        Task.WhenAll(inserts.Select(insert => ExecuteTogetherAsync(database, [insert])));

    private async Task ExecuteTogetherAsync(IDatabase database, List<BatchedInsert> inserts)
    {
        if (inserts.Count == 0)
        {
            return;
        }

        try
        {
            RedisKey[] keys = [.. inserts.SelectMany(static insert => insert.Request.Keys)];
            RedisValue[] arguments = [.. inserts.SelectMany(static insert => insert.Request.Arguments)];
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
            inserts.ForEach(insert => insert.SetException(CreateFailure(e)));
        }
    }
}

/// <summary>What the scripts need to know of a session to be created.</summary>
/// <param name="Keys">Of the session and of its user's index; twice of the session where it has no user.</param>
/// <param name="Arguments">The record, how many milliseconds it is kept, the second when it expires, and the second before which others are past by every clock.</param>
internal sealed record RedisInsert(RedisKey[] Keys, RedisValue[] Arguments);
