using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>Scripts find the index of a user by what a record says of him, in whichever form.</summary>
[CancelAfter(60_000)]
public sealed class RedisUserKeyTests
{
    private readonly ManualTimeProvider _clock = new();

    private static readonly string[] UserKeys =
    [
        "ann",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "0F8FAD5B-D9CB-469F-A165-70867728950E",
        "00000000-0000-0000-0000-0000000a0d00",
        "0f8fad5bd9cb469fa16570867728950e",
        new('k', 254),
        new('k', 255),
        new('k', 512),
    ];

    [TestCaseSource(nameof(UserKeys))]
    public async Task A_session_is_found_in_its_users_index_by_every_call(string userKey)
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = new RedisTestStores().Create(server.Endpoint, _clock);
        var samples = new SampleSessions(_clock, SeededRandom.Create());
        var (session, other) = (samples.CreateFull(userKey) with { Tags = SessionTags.Empty }, samples.Create(userKey));
        await store.CreateAsync(session, null, default);
        await store.CreateAsync(other, new() { Max = 2, Policy = SessionLimitPolicy.Refuse }, default);
        var index = (await server.CallAsync("KEYS", "*:u:*"))[0].Text!;

        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("long", new('v', 300)).Set("short", "") };
        session = (await store.UpdateAsync(session.Id, patch, default)).Session!;
        Assert.That(await store.FetchSessionAsync(session.Id, default), Is.EqualTo(session));

        await store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = session.LastSeenAt.AddHours(1),
                    ExpiresAt = session.ExpiresAt.AddHours(1),
                },
            ],
            default
        );
        Assert.That(await ScoreAsync(), Is.EqualTo(Second(session.ExpiresAt.AddHours(1))), "touched");

        var proof = new Reauthentication
        {
            At = _clock.GetUtcNow(),
            Method = "pwd",
            ExpiresAt = session.ExpiresAt.AddHours(2),
            EndsAt = session.EndsAt.AddHours(2),
        };
        session = (await store.UpdateAsync(session.Id, new() { Reauthentication = proof }, default)).Session!;
        Assert.That(await ScoreAsync(), Is.EqualTo(Second(session.ExpiresAt)), "reauthenticated");
        Assert.That(await store.FetchAllAsync(userKey, default), Is.EquivalentTo([session, other]));

        Assert.That(await store.DeleteAsync(session.Id, default), Is.EqualTo(session));
        Assert.That((await server.CallAsync("ZCARD", index)).Text, Is.EqualTo("1"));
        Assert.That(await store.DeleteAllAsync(userKey, null, default), Is.EqualTo([other]));
        Assert.That((await server.CallAsync("DBSIZE")).Text, Is.EqualTo("0"));

        async Task<string?> ScoreAsync() => (await server.CallAsync("ZSCORE", index, session.Id.ToString()[SessionId.ShardLength..])).Text;

        static string Second(DateTimeOffset expires) => $"{Math.Ceiling(expires.ToUnixTimeMilliseconds() / 1000d)}";
    }
}
