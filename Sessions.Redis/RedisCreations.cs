using Sessions.Stores;
using StackExchange.Redis;
using RedisGatheredCreation = Sessions.Stores.GatheredCall<Sessions.Redis.RedisCreation, Sessions.Redis.RedisCreation>;

namespace Sessions.Redis;

/// <summary>
/// Creates sessions of which nobody asks how many there are, those of callers who come at the same time with one script. What was created is answered, and null where the id is taken.
/// </summary>
internal sealed class RedisCreations(RedisConnection connection) : GatheredCalls<RedisCreation, RedisCreation>(maxBatches: int.MaxValue)
{
    private static readonly RedisScript Script = new($"#!lua\n{RedisScriptLibrary.Create}return outcomes");

    protected override async ValueTask<RedisCreation?> CallAloneAsync(RedisCreation creation, CancellationToken cancellationToken)
    {
        var outcome = await connection
            .SendAsync(database => Script.RunAsync(database, creation.Keys, creation.Arguments), cancellationToken)
            .ConfigureAwait(false);
        return IsCreated(((RedisResult[])outcome!)[0]) ? creation : null;
    }

    protected override async Task CallTogetherAsync(Batch batch)
    {
        var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
        var creations = batch.Close();
        var database = multiplexer.GetDatabase();
        // On a cluster they would have to be of one slot, and hardly any are.
        await (RedisPrimaries.IsCluster(multiplexer) ? EachAsync(database, creations) : TogetherAsync(database, creations)).ConfigureAwait(
            false
        );
    }

    protected override Exception Failed(Exception e) => RedisConnection.Failed(e);

    /// <summary>Whether a key, which nobody knows yet, holds what another program has put there.</summary>
    private static bool IsForeign(RedisServerException e) => e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private static bool IsCreated(RedisResult outcome) => (int)outcome == 0;

    private Task EachAsync(IDatabase database, List<RedisGatheredCreation> creations) =>
        Task.WhenAll(creations.Select(creation => TogetherAsync(database, [creation])));

    private async Task TogetherAsync(IDatabase database, List<RedisGatheredCreation> creations)
    {
        if (creations.Count == 0)
        {
            return;
        }

        try
        {
            RedisKey[] keys = [.. creations.SelectMany(static creation => creation.Request.Keys)];
            RedisValue[] arguments = [.. creations.SelectMany(static creation => creation.Request.Arguments)];
            var outcomes = (RedisResult[])(await Script.RunAsync(database, keys, arguments).ConfigureAwait(false))!;
            foreach (var (i, outcome) in outcomes.Index())
            {
                creations[i].Answer(IsCreated(outcome) ? creations[i].Request : null);
            }
        }
        catch (RedisServerException e) when (creations.Count > 1 && (RedisPrimaries.IsSplit(e) || IsForeign(e)))
        {
            // Found out before anything was written: the script begins with all that it reads.
            await EachAsync(database, creations).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            creations.ForEach(creation => creation.Fail(Failed(e)));
        }
    }
}
