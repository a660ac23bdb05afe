using System.Globalization;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>Patches of sessions with tags, which take several steps: what happens between two of them.</summary>
[CancelAfter(60_000)]
public sealed class RedisTagTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SessionTag _tag = new() { Name = "tenant", Value = "a" };
    private SampleSessions _samples = null!;
    private RedisProcess _server = null!;
    private RedisProxy _proxy = null!;
    private RedisSessionStore _direct = null!;
    private RedisSessionStore _store = null!;
    private Session _session = null!;

    [SetUp]
    public async Task SetUp()
    {
        _samples = new(_clock, SeededRandom.Create());
        _server = await RedisProcess.StartAsync();
        _proxy = RedisProxy.Start(_server.Port);
        var stores = new RedisTestStores();
        (_direct, _store) = (stores.Create(_server.Endpoint, _clock), stores.Create(_proxy.Endpoint, _clock));
        // So that the server knows the scripts.
        var other = _samples.Create("bob") with
        {
            Tags = [_tag],
        };
        await _store.CreateAsync(other, null, default);
        await _store.UpdateAsync(other.Id, new() { Reauthentication = CreateReauthentication(1) }, default);
        _session = _samples.Create();
        await _direct.CreateAsync(_session, null, default);
        _proxy.ClearCommands();
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        _direct.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_tag_is_indexed_by_the_end_that_another_call_has_just_moved()
    {
        BeforeEachPatch(attempts: 1, attempt => MoveEnd(days: 50 + attempt));

        var update = await _store.UpdateAsync(_session.Id, new() { Tags = [_tag] }, default);

        Assert.That(update.Session!.Tags, Is.EqualTo(SessionTags.Create(_tag)));
        Assert.That(update.Session.EndsAt, Is.EqualTo(CreateReauthentication(51).EndsAt));
        var index = (await _server.CallAsync("KEYS", "*:t:*"))[0].Text!;
        var score = long.Parse((await _server.CallAsync("ZSCORE", index, _session.Id.ToString())).Text!, CultureInfo.InvariantCulture);
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(score), Is.GreaterThanOrEqualTo(update.Session.EndsAt));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Tags_that_others_add_meanwhile_are_kept(bool reauthenticates)
    {
        BeforeEachPatch(attempts: 3, attempt => AddTag($"b{attempt}"));
        var patch = new SessionPatch { Tags = [_tag], Reauthentication = reauthenticates ? CreateReauthentication(60) : null };

        var update = await _store.UpdateAsync(_session.Id, patch, default);

        string[] values = ["a", "b1", "b2", "b3"];
        Assert.That(update.Session!.Tags.Select(static tag => tag.Value), Is.EquivalentTo(values));
        foreach (var value in values)
        {
            Assert.That(await _store.FetchByTagAsync(_tag with { Value = value }, default), Has.Member(update.Session));
        }
    }

    [Test]
    public async Task A_patch_that_is_overtaken_every_time_is_given_up_and_not_applied()
    {
        BeforeEachPatch(attempts: int.MaxValue, attempt => MoveEnd(days: 50 + attempt));

        Assert.That(
            async () => await _store.UpdateAsync(_session.Id, new() { Tags = [_tag], Values = ValuesPatch.Empty.Set("k", "v") }, default),
            Throws.TypeOf<SessionStoreException>().With.Message.Contains("10 times").And.Message.Contains("not applied")
        );

        var session = await _direct.FetchSessionAsync(_session.Id, default);
        Assert.That((session!.Tags, session.Values), Is.EqualTo((SessionTags.Empty, SessionValues.Empty)));
    }

    [Test]
    public async Task A_patch_of_tags_or_end_finds_no_session_in_a_record_that_cannot_be_read()
    {
        var session = _samples.Create() with { Tags = [_tag] };
        await _direct.CreateAsync(session, null, default);
        var key = (await _server.CallAsync("KEYS", $"*:s:{session.Id}"))[0].Text!;
        // No name of a tag: the scripts do not look into it.
        var record = (await _server.CallAsync("GET", key)).Text!;
        var damaged = record.Replace("tenant", "TENANT", StringComparison.Ordinal);
        await _server.CallAsync("SET", key, damaged, "PX", "100000");

        foreach (
            var patch in (SessionPatch[])[new() { Reauthentication = CreateReauthentication(3) }, new() { Tags = [_samples.NewTag()] }]
        )
        {
            Assert.That((await _store.UpdateAsync(session.Id, patch, default)).Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
        }

        Assert.That((await _server.CallAsync("GET", key)).Text, Is.EqualTo(damaged));
    }

    private Reauthentication CreateReauthentication(int days) =>
        new()
        {
            At = _clock.GetUtcNow(),
            ExpiresAt = _clock.GetUtcNow().AddHours(1),
            EndsAt = _clock.GetUtcNow().AddDays(days),
        };

    private Task<SessionUpdate> MoveEnd(int days) =>
        _direct.UpdateAsync(_session.Id, new() { Reauthentication = CreateReauthentication(days) }, default).AsTask();

    private Task<SessionUpdate> AddTag(string value) =>
        _direct.UpdateAsync(_session.Id, new() { Tags = [_tag with { Value = value }] }, default).AsTask();

    /// <summary>Lets another call through before each patch is sent: after the session was read, while its tags are indexed.</summary>
    private void BeforeEachPatch(int attempts, Func<int, Task> call)
    {
        var (attempt, isRead) = (0, false);
        _proxy.ForwardedCount += name =>
        {
            if (name == "EVALSHA" && isRead && attempt < attempts)
            {
                isRead = false;
                call(++attempt).GetAwaiter().GetResult();
            }

            isRead |= name == "GET";
        };
    }
}
