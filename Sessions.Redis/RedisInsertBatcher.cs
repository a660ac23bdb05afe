using Sessions.Stores;
using StackExchange.Redis;
using static Sessions.Redis.RedisStatements;
using BatchedInsert = Sessions.Stores.BatchedCall<Sessions.Redis.RedisInsert, Sessions.Redis.RedisInsertResult>;

namespace Sessions.Redis;

/// <summary>
/// Creates sessions, those of callers that come at the same time with one script. Those that end others are created alone: those that
/// replace a session, and those of users who may be at their limit, which that script finds out.
/// </summary>
internal sealed class RedisInsertBatcher(RedisConnection connection)
    : RequestBatcher<RedisInsert, RedisInsertResult>("Redis", maxBatches: int.MaxValue)
{
    protected override async ValueTask<RedisInsertResult?> ExecuteOneAsync(RedisInsert insert, CancellationToken cancellationToken) =>
        await connection.SendAsync(database => InsertAsync(database, insert), cancellationToken).ConfigureAwait(false);

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
        var inserts = batch.Close();
        var database = multiplexer.GetDatabase();
        if (RedisPrimaries.IsCluster(multiplexer))
        {
            // They would have to be of one slot, and hardly any are.
            await ExecuteEachAsync(database, inserts).ConfigureAwait(false);
            return;
        }

        // Sent together, without waiting for each other.
        var plain = inserts.FindAll(static insert => !insert.Request.IsReplacing);
        await Task.WhenAll(
                ExecuteEachAsync(database, inserts.FindAll(static insert => insert.Request.IsReplacing)),
                plain.Count == 1 ? ExecuteEachAsync(database, plain) : ExecuteTogetherAsync(database, plain)
            )
            .ConfigureAwait(false);
    }

    /// <summary>Whether a key, which is new, holds what another program has put there.</summary>
    private static bool IsWrongType(RedisServerException e) => e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private static async Task<RedisInsertResult> InsertAsync(IDatabase database, RedisInsert insert)
    {
        var script = insert.MayEnd ? InsertInPlace : Insert;
        var reply = (RedisResult[])
            (await script.RunAsync(database, insert.Keys, [.. insert.Arguments, .. insert.EndingArguments]).ConfigureAwait(false))!;
        return new((InsertOutcome)(int)reply[0], reply[1..]);
    }

    private Task ExecuteEachAsync(IDatabase database, List<BatchedInsert> inserts) =>
        Task.WhenAll(inserts.Select(insert => ExecuteAloneAsync(database, insert)));

    private async Task ExecuteAloneAsync(IDatabase database, BatchedInsert insert)
    {
        try
        {
            insert.SetResult(await InsertAsync(database, insert.Request).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            insert.SetException(CreateFailure(e));
        }
    }

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
            var outcomes = (int[])(await Insert.RunAsync(database, keys, arguments).ConfigureAwait(false))!;
            var near = new List<BatchedInsert>();
            foreach (var (i, outcome) in outcomes.Index())
            {
                if (outcome == (int)InsertOutcome.NearLimit)
                {
                    near.Add(inserts[i]);
                }
                else
                {
                    inserts[i].SetResult(new((InsertOutcome)outcome, []));
                }
            }

            await ExecuteEachAsync(database, near).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (RedisPrimaries.IsSplit(e) || IsWrongType(e))
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

/// <summary>What became of an insert.</summary>
/// <param name="Outcome">As the script says.</param>
/// <param name="Ended">
/// The ids of the sessions that made room, their records with one before them that is none, and the record that was replaced; empty: no
/// session could end.
/// </param>
internal sealed record RedisInsertResult(InsertOutcome Outcome, RedisResult[] Ended);

/// <summary>What the scripts need to know of a session to be created.</summary>
internal sealed record RedisInsert
{
    /// <summary>How many keys, and which is which in Lua, where the first has the number 1.</summary>
    public const int KeyCount = 3;
    public const int SessionKey = 1;
    public const int IndexKey = 2;
    public const int EndingKey = 3;

    /// <summary>
    /// How many arguments, and which is which in Lua: the record, how many milliseconds it is kept, the second when it expires, the second
    /// before which others are past by every clock, and the limit of the user.
    /// </summary>
    public const int ArgumentCount = 5;
    public const int Record = 1;
    public const int TimeToLive = 2;
    public const int Score = 3;
    public const int PruneBefore = 4;
    public const int Max = 5;

    /// <summary>
    /// Of the session, of its user's index, and of the user's sessions that are ending; all of the session where it has no user.
    /// </summary>
    public required RedisKey[] Keys { get; init; }

    /// <summary>As the constants say.</summary>
    public required RedisValue[] Arguments { get; init; }

    /// <summary>What <see cref="RedisStatements.InsertInPlace"/> needs beside. Empty: the new session can end no other.</summary>
    public RedisValue[] EndingArguments { get; init; } = [];

    public bool IsReplacing { get; init; }

    public bool MayEnd => EndingArguments.Length > 0;

    /// <summary>The same once more, after those far beyond the limit were ended: the script counts however many there are.</summary>
    public RedisInsert AfterEviction() => this with { EndingArguments = [.. EndingArguments[..2], 1, .. EndingArguments[3..]] };
}
