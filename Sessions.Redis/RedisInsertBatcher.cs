using Sessions.Stores;
using StackExchange.Redis;
using BatchedInsert = Sessions.Stores.BatchedCall<Sessions.Redis.RedisInsert, Sessions.Redis.RedisInsert>;

namespace Sessions.Redis;

/// <summary>
/// Creates sessions without a limit, those of callers that come at the same time with one script. The result is what was created, and null
/// where the id is taken.
/// </summary>
internal sealed class RedisInsertBatcher(RedisConnection connection)
    : RequestBatcher<RedisInsert, RedisInsert>("Redis", maxBatches: int.MaxValue)
{
    protected override async ValueTask<RedisInsert?> ExecuteOneAsync(RedisInsert insert, CancellationToken cancellationToken)
    {
        var outcome = await connection
            .SendAsync(database => RedisStatements.Insert.RunAsync(database, insert.Keys, insert.Arguments), cancellationToken)
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

    private static bool IsCreated(RedisResult outcome) => (int)outcome == (int)RedisStatements.InsertOutcome.Created;

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
            var outcomes = (RedisResult[])(await RedisStatements.Insert.RunAsync(database, keys, arguments).ConfigureAwait(false))!;
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
/// <param name="Arguments">As the constants say.</param>
internal sealed record RedisInsert(RedisKey[] Keys, RedisValue[] Arguments)
{
    /// <summary>How many keys, and which is which in Lua, where the first has the number 1.</summary>
    public const int KeyCount = 2;
    public const int SessionKey = 1;
    public const int IndexKey = 2;

    /// <summary>
    /// How many arguments, and which is which in Lua: the record, how many milliseconds it is kept, the second when it expires, and the
    /// second before which others are past by every clock.
    /// </summary>
    public const int ArgumentCount = 4;
    public const int Record = 1;
    public const int TimeToLive = 2;
    public const int Score = 3;
    public const int PruneBefore = 4;

    public static RedisInsert Create(RedisKey session, RedisKey? index, byte[] record, long expires, long now, long tolerance)
    {
        var arguments = new RedisValue[ArgumentCount];
        arguments[Record - 1] = record;
        arguments[TimeToLive - 1] = Math.Max(1, expires - now + tolerance);
        arguments[Score - 1] = (long)Math.Ceiling(expires / (double)RedisStatements.MillisecondsPerIndexUnit);
        arguments[PruneBefore - 1] = (long)Math.Floor((now - tolerance) / (double)RedisStatements.MillisecondsPerIndexUnit);
        return new([session, index ?? session], arguments);
    }
}
