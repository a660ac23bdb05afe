using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisRoundTripTests
{
    private readonly ManualTimeProvider _clock = new();
    private SampleSessions _samples = null!;
    private RedisProcess _server = null!;
    private RedisProxy _proxy = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public async Task SetUp()
    {
        _samples = new(_clock, SeededRandom.Create());
        _server = await RedisProcess.StartAsync();
        _proxy = RedisProxy.Start(_server.Port);
        _store = new RedisTestStores().Create(_proxy.Endpoint, _clock);
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Every_operation_is_one_round_trip_but_those_by_tag()
    {
        await RunEachAsync(static (_, _) => { });
        var counts = new List<(string, string)>();

        await RunEachAsync((operation, commands) => counts.Add((operation, string.Join(' ', commands))));

        Assert.That(
            counts,
            Is.EqualTo(
                new[]
                {
                    ("create", "EVALSHA"),
                    ("create with a tag", "EVALSHA EVALSHA"),
                    ("create within a limit", "EVALSHA"),
                    ("create at the limit", "EVALSHA"),
                    ("create and replace", "EVALSHA"),
                    ("fetch", "GET"),
                    ("list", "EVALSHA"),
                    ("list by a tag", "ZSCAN GET"),
                    ("update", "EVALSHA"),
                    ("reauthenticate", "EVALSHA"),
                    ("touch", "EVALSHA"),
                    ("delete", "EVALSHA"),
                    ("delete by a tag", "ZSCAN EVALSHA"),
                    ("delete all others", "EVALSHA"),
                    ("delete all", "EVALSHA"),
                }
            )
        );
    }

    [Test]
    public async Task Reads_that_come_together_are_a_few_commands()
    {
        var sessions = Enumerable.Range(0, 100).Select(i => _samples.Create($"user {i}")).ToList();
        await Task.WhenAll(sessions.Select(session => _store.CreateAsync(session, null, default).AsTask()));
        _proxy.ClearCommands();
        _proxy.HoldResponses();

        var fetching = sessions.Select(session => _store.FetchSessionAsync(session.Id, default).AsTask()).ToList();
        _proxy.ReleaseResponses();

        Assert.That(await Task.WhenAll(fetching), Is.EqualTo(sessions));
        Assert.That(_proxy.Commands, Has.Count.LessThan(20).And.All.EndsWith("GET"));
    }

    [Test]
    public async Task Touches_of_many_users_are_sent_together_before_any_answer_is_there()
    {
        var sessions = Enumerable.Range(0, 50).Select(i => _samples.Create($"user {i}")).ToList();
        foreach (var session in sessions)
        {
            await _store.CreateAsync(session, null, default);
        }

        var shards = sessions.DistinctBy(static session => session.Id.Shard).Count();
        var later = _clock.GetUtcNow().AddSeconds(5);
        var touches = sessions
            .Select(session => new SessionTouch
            {
                Id = session.Id,
                LastSeenAt = later,
                ExpiresAt = session.ExpiresAt.AddMinutes(1),
            })
            .ToList();
        await _store.TouchAsync(touches, default);
        _proxy.ClearCommands();
        _proxy.HoldResponses();

        var touching = _store.TouchAsync([.. touches.Select(touch => touch with { LastSeenAt = later.AddSeconds(1) })], default);
        await _proxy.WaitForForwardedAsync(shards);

        Assert.That(touching.IsCompleted, Is.False);
        _proxy.ReleaseResponses();
        await touching;
        Assert.That(_proxy.Commands, Has.Count.EqualTo(shards).And.All.EqualTo("EVALSHA"));
    }

    [Test]
    public async Task A_page_after_the_first_is_one_round_trip()
    {
        for (var i = 0; i < 100; i++)
        {
            await _store.CreateAsync(_samples.Create($"user {i}"), null, default);
        }

        var first = await _store.FetchPageAsync(null, 10, default);
        _proxy.ClearCommands();

        var second = await _store.FetchPageAsync(first!.Continuation, 10, default);

        Assert.That(second!.Sessions, Is.Not.Empty);
        Assert.That(_proxy.Commands, Is.EqualTo(["EVALSHA"]));
    }

    [Test]
    public async Task Indexes_of_tags_are_written_together_before_any_answer_is_there()
    {
        await _store.CreateAsync(_samples.CreateFull(), null, default);
        var session = _samples.CreateFull();
        _proxy.ClearCommands();
        _proxy.HoldResponses();

        var creating = _store.CreateAsync(session, null, default).AsTask();
        await _proxy.WaitForForwardedAsync(session.Tags.Count);
        _proxy.ReleaseResponses();
        await creating;

        Assert.That(session.Tags, Has.Count.GreaterThan(2));
        Assert.That(_proxy.Commands, Is.EqualTo(Enumerable.Repeat("EVALSHA", session.Tags.Count + 1)));
    }

    [Test]
    public async Task What_ends_by_tag_is_one_script_for_the_sessions_of_a_slot()
    {
        var tag = _samples.NewTag();
        var users = Enumerable.Range(0, 5).Select(static i => $"user {i}").ToList();
        foreach (var user in users.Concat(users))
        {
            await _store.CreateAsync(_samples.Create(user) with { Tags = [tag] }, null, default);
        }

        await _store.DeleteByTagAsync(tag, default);
        foreach (var user in users.Concat(users))
        {
            await _store.CreateAsync(_samples.Create(user) with { Tags = [tag] }, null, default);
        }

        _proxy.ClearCommands();

        Assert.That(await _store.DeleteByTagAsync(tag, default), Has.Count.EqualTo(10));

        Assert.That(_proxy.Commands, Is.EqualTo(Enumerable.Repeat("EVALSHA", 5).Prepend("ZSCAN")));
    }

    private async Task RunEachAsync(Action<string, IReadOnlyList<string>> report)
    {
        var now = _clock.GetUtcNow();
        var tag = _samples.NewTag();
        Session[] sessions = [.. Enumerable.Range(0, 5).Select(_ => _samples.Create("bob"))];
        var tagged = sessions[1] with { Tags = [tag] };
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("k", "v") };
        var reauthentication = new Reauthentication
        {
            At = now,
            ExpiresAt = now.AddHours(1),
            EndsAt = now.AddDays(1),
        };
        var touches = sessions.Select(session => new SessionTouch
        {
            Id = session.Id,
            LastSeenAt = now.AddSeconds(1),
            ExpiresAt = now.AddHours(2),
        });
        (string, Func<Task>)[] operations =
        [
            ("create", async () => await _store.CreateAsync(sessions[0], null, default)),
            ("create with a tag", async () => await _store.CreateAsync(tagged, null, default)),
            ("create within a limit", async () => await _store.CreateAsync(sessions[2], new() { Max = 5 }, default)),
            ("create at the limit", async () => await _store.CreateAsync(sessions[3], new() { Max = 3 }, default)),
            ("create and replace", async () => await _store.CreateAsync(sessions[4], new() { Max = 3 }, sessions[3].Id, default)),
            ("fetch", async () => await _store.FetchSessionAsync(sessions[4].Id, default)),
            ("list", async () => await _store.FetchAllAsync("bob", default)),
            ("list by a tag", async () => await _store.FetchByTagAsync(tag, default)),
            ("update", async () => await _store.UpdateAsync(sessions[4].Id, patch, default)),
            (
                "reauthenticate",
                async () => await _store.UpdateAsync(sessions[4].Id, new() { Reauthentication = reauthentication }, default)
            ),
            ("touch", async () => await _store.TouchAsync([.. touches], default)),
            ("delete", async () => await _store.DeleteAsync(sessions[2].Id, default)),
            ("delete by a tag", async () => await _store.DeleteByTagAsync(tag, default)),
            ("delete all others", async () => await _store.DeleteAllAsync("bob", sessions[4].Id, default)),
            ("delete all", async () => await _store.DeleteAllAsync("bob", null, default)),
        ];
        foreach (var (name, run) in operations)
        {
            _proxy.ClearCommands();
            await run();
            report(name, _proxy.Commands);
        }
    }
}
