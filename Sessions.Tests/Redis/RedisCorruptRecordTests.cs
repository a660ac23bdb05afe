using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using Sessions.Tests.Testing;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

internal sealed class RedisCorruptRecordTests : CorruptRecordTests<RedisCorruptRecordBackend>
{
    [Test]
    public async Task A_record_that_cannot_be_read_is_no_matter_to_those_whose_records_came_with_it()
    {
        using var multiplexer = await ConnectionMultiplexer.ConnectAsync(Backend.Server.Endpoint);
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var store = new RedisSessionStore(
            new(),
            new RedisConnection(() => connecting.Task, ownsConnection: false),
            reporter: Reported.Reporter
        );
        using var other = new RedisSessionStore(new() { Connection = multiplexer });
        Session[] sessions = [Samples.Create(), Samples.Create(), Samples.Create(), Samples.Create()];
        foreach (var session in sessions)
        {
            await other.CreateAsync(session, null, Token);
        }

        await Backend.Server.CallAsync("SET", $"sessions:{{{sessions[2].Id.Shard}}}:s:{sessions[2].Id}", "broken", "KEEPTTL");

        // While there is no connection they gather behind the first.
        var fetching = sessions.Select(session => store.FetchSessionAsync(session.Id, Token).AsTask()).ToList();
        connecting.SetResult(multiplexer);

        Assert.That(await Task.WhenAll(fetching), Is.EqualTo([sessions[0], sessions[1], null, sessions[3]]));
        Assert.That(Reported.Warnings, Has.Count.EqualTo(1).And.All.Contains($"{sessions[2].Id}"));
    }

    [Test]
    public async Task A_record_that_was_cut_short_counts_as_signed_out()
    {
        var session = Samples.CreateFull() with { Values = SessionValues.Empty, Tags = SessionTags.Empty };
        await Store.CreateAsync(session, null, Token);
        var key = (await Backend.Server.CallAsync("KEYS", "*:s:*"))[0].Text!;
        var record = (await Backend.Server.CallAsync("GET", key)).Text!;

        // Inside a section or the header: a record that ends with a section is one that never had the next.
        foreach (var length in new[] { record.Length - 1, record.Length - 8, SessionRecordLayout.HeaderLength + 1, 20, 2, 1 })
        {
            await Backend.Server.CallAsync("SET", key, record[..length], "KEEPTTL");

            Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null, $"{length} bytes");
            var update = await Store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("k", "v") }, Token);
            Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Gone), $"{length} bytes");
        }

        Assert.That(await Store.DeleteAsync(session.Id, Token), Is.Null);
        Assert.That((await Backend.Server.CallAsync("KEYS", "*:s:*")).Items, Is.Empty);
    }
}

internal sealed class RedisCorruptRecordBackend : CorruptRecordBackend
{
    private readonly RedisTestStores _stores = new();

    public RedisProcess Server { get; private set; } = null!;

    public override IReadOnlyList<string> Damages => ["\u0002 of another version", "", "\u0001"];

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time, CorruptRecordReporter reporter)
    {
        Server = await RedisProcess.StartAsync();
        return _stores.Create(Server.Endpoint, time, reporter);
    }

    public override async ValueTask DamageAsync(Session session, string damage)
    {
        var key = (await Server.CallAsync("KEYS", $"*:s:{session.Id}")).Items!.Single().Text!;
        await Server.CallAsync("SET", key, damage, "KEEPTTL");
    }

    // With the indexes of users; those of tags may name what is not there.
    public override async ValueTask<long> CountRecordsAsync() =>
        (await Server.CallAsync("KEYS", "*}:s:*")).Items!.Length + (await Server.CallAsync("KEYS", "*}:u:*")).Items!.Length;

    // The entry in the user's index stays, since the record no longer names the user: delete all, or a sign-in after its expiry, prunes it.
    public override int CountLeftByDelete(string damage) => 1;

    public override ValueTask DisposeAsync() => Server.DisposeAsync();
}
