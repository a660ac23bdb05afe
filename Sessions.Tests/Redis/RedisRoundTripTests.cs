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
    public async Task Every_operation_is_one_round_trip()
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
                    ("create within a limit", "EVALSHA"),
                    ("fetch", "GET"),
                    ("list", "EVALSHA"),
                    ("update", "EVALSHA"),
                    ("delete", "EVALSHA"),
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

    private async Task RunEachAsync(Action<string, IReadOnlyList<string>> report)
    {
        var session = _samples.Create("bob");
        var other = _samples.Create("bob");
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("k", "v") };
        (string, Func<Task>)[] operations =
        [
            ("create", async () => await _store.CreateAsync(session, null, default)),
            (
                "create within a limit",
                async () => await _store.CreateAsync(other, new() { Max = 5, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, default)
            ),
            ("fetch", async () => await _store.FetchSessionAsync(session.Id, default)),
            ("list", async () => await _store.FetchAllAsync("bob", default)),
            ("update", async () => await _store.UpdateAsync(session.Id, patch, default)),
            ("delete", async () => await _store.DeleteAsync(session.Id, default)),
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
