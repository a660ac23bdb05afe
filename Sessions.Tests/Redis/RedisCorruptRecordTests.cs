using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using Sessions.Tests.Testing;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisCorruptRecordTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [TestCase("\u0002 of another version")]
    [TestCase("")]
    [TestCase("\u0001")]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_is_reported(string record)
    {
        await using var server = await RedisProcess.StartAsync();
        var reported = new CorruptRecordLog();
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System, reported.Reporter);
        var (broken, sound) = (_samples.Create(), _samples.Create());
        await store.CreateAsync(broken, null, default);
        await server.CallAsync("SET", (await server.CallAsync("KEYS", "*:s:*"))[0].Text!, record, "KEEPTTL");
        await store.CreateAsync(sound, null, default);

        Assert.That(await store.FetchAsync(broken.Id, default), Is.Null);
        Assert.That(await store.FetchAllAsync("ann", default), Is.EqualTo([sound]));
        Assert.That((await store.UpdateAsync(broken.Id, new(), default)).Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
        await store.TouchAsync(
            [
                new()
                {
                    Id = broken.Id,
                    LastSeenAt = broken.LastSeenAt.AddHours(1),
                    ExpiresAt = broken.ExpiresAt.AddHours(1),
                },
            ],
            default
        );
        Assert.That(await store.DeleteAllAsync("ann", broken.Id, default), Is.Null);
        Assert.That(await store.CreateAsync(_samples.Create(), new() { Max = 2, Policy = SessionLimitPolicy.Refuse }, default), Is.Empty);
        Assert.That(reported.Warnings, Has.Count.GreaterThanOrEqualTo(3).And.All.Contains($"{broken.Id}").And.All.Contains("signed out"));
        Assert.That((await reported.NextAsync(TestContext.CurrentContext.CancellationToken)).Record, Is.EqualTo($"{broken.Id}"));
        Assert.That(await store.DeleteAllAsync("ann", null, default), Has.Count.EqualTo(2));
        Assert.That((await server.CallAsync("DBSIZE")).Text, Is.EqualTo("0"));
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_no_matter_to_those_whose_records_came_with_it()
    {
        await using var server = await RedisProcess.StartAsync();
        using var multiplexer = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reported = new CorruptRecordLog();
        using var store = new RedisSessionStore(
            new(),
            new RedisConnection(() => connecting.Task, ownsConnection: false),
            reporter: reported.Reporter
        );
        using var other = new RedisSessionStore(new() { Connection = multiplexer });
        Session[] sessions = [_samples.Create(), _samples.Create(), _samples.Create(), _samples.Create()];
        foreach (var session in sessions)
        {
            await other.CreateAsync(session, null, default);
        }

        await server.CallAsync("SET", $"sessions:{{{sessions[2].Id.Shard}}}:s:{sessions[2].Id}", "broken", "KEEPTTL");

        // While there is no connection they gather behind the first.
        var fetching = sessions.Select(session => store.FetchAsync(session.Id, default).AsTask()).ToList();
        connecting.SetResult(multiplexer);

        Assert.That(await Task.WhenAll(fetching), Is.EqualTo([sessions[0], sessions[1], null, sessions[3]]));
        Assert.That(reported.Warnings, Has.Count.EqualTo(1).And.All.Contains($"{sessions[2].Id}"));
    }

    [Test]
    public async Task A_record_that_was_cut_short_counts_as_signed_out()
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System);
        var session = _samples.CreateFull() with { Values = SessionValues.Empty };
        await store.CreateAsync(session, null, default);
        var key = (await server.CallAsync("KEYS", "*:s:*"))[0].Text!;
        var record = (await server.CallAsync("GET", key)).Text!;

        for (var length = record.Length - 1; length > 0; length -= 7)
        {
            await server.CallAsync("SET", key, record[..length], "KEEPTTL");

            Assert.That(await store.FetchAsync(session.Id, default), Is.Null, $"{length} bytes");
            var update = await store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("k", "v") }, default);
            Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Gone), $"{length} bytes");
        }

        Assert.That(await store.DeleteAsync(session.Id, default), Is.Null);
        Assert.That((await server.CallAsync("KEYS", "*:s:*")).Items, Is.Empty);
    }
}
