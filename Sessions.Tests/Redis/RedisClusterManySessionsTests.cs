using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>A user whose sessions are ending, in a slot that is moving.</summary>
[CancelAfter(120_000)]
public sealed class RedisClusterManySessionsTests
{
    private const string Prefix = "many:";

    [TestCase(true)]
    [TestCase(false)]
    public async Task While_the_slot_moves_sessions_that_are_ending_are_neither_listed_nor_ended_in_part(bool endingFirst)
    {
        var clock = new ManualTimeProvider();
        var samples = new SampleSessions(clock, SeededRandom.Create());
        await using var cluster = await RedisCluster.StartAsync();
        using var connection = await ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        using var store = new RedisSessionStore(new() { Connection = connection, KeyPrefix = Prefix }, clock);
        var sessions = Enumerable.Range(0, RedisStatements.ChunkSize + 100).Select(_ => samples.Create()).ToList();
        await Task.WhenAll(sessions.Select(session => store.CreateAsync(session, null, default).AsTask()));
        await BeginToDeleteAsync(connection, sessions[0].Id.Shard);
        var slot = connection.HashSlot($"{{{sessions[0].Id.Shard}}}");
        var move = await RedisSlotMove.OpenAsync(cluster, $"{slot}");

        foreach (
            var key in (await AllKeysAsync()).OrderBy(key => key.Text!.Contains(":e:", StringComparison.Ordinal) != endingFirst).Take(400)
        )
        {
            await move.MigrateAsync(key);
        }

        Assert.That(async () => await store.FetchAllAsync("ann", default), Throws.InstanceOf<SessionStoreException>());
        Assert.That(async () => await store.DeleteAllAsync("ann", null, default), Throws.InstanceOf<SessionStoreException>());
        Assert.That(
            async () => await store.CreateAsync(samples.Create(), new() { Max = 2000 }, default),
            Throws.InstanceOf<SessionStoreException>()
        );
        while ((await move.KeysAsync()).Length > 0)
        {
            await move.MigrateAllAsync();
        }

        await move.CloseAsync();
        Assert.That(await store.FetchAllAsync("ann", default), Is.EquivalentTo(sessions));
        Assert.That(await store.DeleteAllAsync("ann", null, default), Is.EquivalentTo(sessions));

        async Task<RedisReply[]> AllKeysAsync() => (await move.Source.CallAsync("CLUSTER", "GETKEYSINSLOT", $"{slot}", "5000")).Items!;
    }

    /// <summary>The first step of a deletion.</summary>
    private static async Task BeginToDeleteAsync(ConnectionMultiplexer connection, string shard)
    {
        var keys = new RedisSessionKeys(Prefix);
        RedisValue[] arguments = [keys.SessionPrefix(shard), "", 0, keys.ChangeChannel, "=fence"];
        var reply = await RedisStatements.DeleteAll.RunAsync(
            connection.GetDatabase(),
            [keys.Index(shard, "ann"), keys.Ending(shard, "ann")],
            arguments
        );
        Assert.That((string[])reply!, Is.EqualTo(["=fence"]));
    }
}
