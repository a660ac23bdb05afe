using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisScriptTests
{
    [Test]
    public async Task A_script_flush_under_load_is_not_noticed()
    {
        var clock = new ManualTimeProvider();
        var samples = new SampleSessions(clock, SeededRandom.Create());
        await using var server = await RedisProcess.StartAsync();
        using var store = new RedisTestStores().Create(server.Endpoint, clock);
        var flushes = 0;
        using var done = new CancellationTokenSource();
        var flushing = Task.Run(async () =>
        {
            await using var wire = await RedisTestClient.ConnectAsync(server.Port);
            while (!done.IsCancellationRequested)
            {
                await wire.CallAsync("SCRIPT", "FLUSH");
                flushes++;
            }
        });

        var users = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RunVerbsAsync(store, samples, $"user {i}")));
        await done.CancelAsync();
        await flushing;

        Assert.That(users, Is.All.EqualTo(10));
        Assert.That(flushes, Is.GreaterThan(20));
    }

    private static async Task<int> RunVerbsAsync(RedisSessionStore store, SampleSessions samples, string user)
    {
        for (var i = 0; i < 30; i++)
        {
            var session = samples.Create(user);
            await store.CreateAsync(session, new() { Max = 10, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, default);
            await store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("i", $"{i}") }, default);
            await store.TouchAsync(
                [
                    new()
                    {
                        Id = session.Id,
                        LastSeenAt = session.LastSeenAt,
                        ExpiresAt = session.ExpiresAt.AddMinutes(1),
                    },
                ],
                default
            );
        }

        return (await store.FetchAllAsync(user, default)).Count;
    }
}
