using System.Globalization;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
public sealed class RedisClusterTests
{
    private readonly ManualTimeProvider _clock = new();
    private SeededRandom _random = null!;
    private SampleSessions _samples = null!;
    private RedisCluster _cluster = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public async Task SetUp()
    {
        _random = SeededRandom.Create();
        _samples = new(_clock, _random);
        _cluster = await RedisCluster.StartAsync();
        _store = new RedisTestStores().Create(_cluster.Configuration, _clock);
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task A_thousand_users_are_spread_over_all_nodes_and_each_is_whole()
    {
        var users = Enumerable.Range(0, 1000).Select(static i => $"user {i}").ToList();
        await Task.WhenAll(users.Select(CreateThreeAsync));

        foreach (var node in _cluster.Nodes)
        {
            var keys = int.Parse((await node.CallAsync("DBSIZE")).Text!, CultureInfo.InvariantCulture);
            Assert.That(keys, Is.GreaterThan(4 * users.Count / 5));
        }

        var listed = await Task.WhenAll(users.Select(user => _store.FetchAllAsync(user, default).AsTask()));
        Assert.That(listed.Select(static sessions => sessions.Count), Is.All.EqualTo(3));
        var later = _clock.GetUtcNow().AddMinutes(1);
        await _store.TouchAsync(
            [
                .. listed
                    .SelectMany(static sessions => sessions)
                    .Select(one => new SessionTouch
                    {
                        Id = one.Id,
                        LastSeenAt = later,
                        ExpiresAt = later,
                    }),
            ],
            default
        );
        var touched = await _store.FetchSessionAsync(listed[^1][0].Id, default);
        Assert.That(touched!.LastSeenAt, Is.EqualTo(later).Within(TimeSpan.FromMilliseconds(1)));
        var ended = await Task.WhenAll(users.Select(user => _store.DeleteAllAsync(user, null, default).AsTask()));
        Assert.That(ended.Select(static sessions => sessions!.Count), Is.All.EqualTo(3));
        foreach (var node in _cluster.Nodes)
        {
            Assert.That((await node.CallAsync("DBSIZE")).Text, Is.EqualTo("0"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task While_a_slot_moves_a_call_may_fail_but_a_part_is_never_taken_for_the_whole(bool indexFirst)
    {
        const string user = "ann";
        var acknowledged = new List<SessionId>();
        for (var i = 0; i < 300; i++)
        {
            acknowledged.Add(await CreateAsync(user));
        }

        var (failed, succeeded) = (0, 0);
        Action called = static () => { };
        SessionId[] first = [.. acknowledged];
        using var done = new CancellationTokenSource();
        var listing = Task.Run(() => RepeatAsync(ListAsync));
        var changing = Task.Run(() => RepeatAsync(UpdateAsync));
        var creating = Task.Run(() => RepeatAsync(CreateOneAsync));
        await MoveSlotOfAsync(acknowledged[0], indexFirst, HundredCallsAsync);
        await done.CancelAsync();
        await Task.WhenAll(listing, changing, creating);

        Assert.That(succeeded, Is.Positive);
        Assert.That(failed, Is.Positive, "No call met the move.");
        var ended = await _store.DeleteAllAsync(user, null, default);
        Assert.That(ended!.Select(static session => session.Id), Is.SupersetOf(acknowledged));
        foreach (var id in acknowledged)
        {
            Assert.That(await _store.FetchSessionAsync(id, default), Is.Null);
        }

        async Task RepeatAsync(Func<Task> callAsync)
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    await callAsync();
                    Interlocked.Increment(ref succeeded);
                }
                catch (SessionStoreException)
                {
                    Interlocked.Increment(ref failed);
                }

                called();
            }
        }

        async Task HundredCallsAsync()
        {
            var calls = 0;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            called = () =>
            {
                if (Interlocked.Increment(ref calls) == 100)
                {
                    enough.SetResult();
                }
            };
            await enough.Task;
        }

        async Task ListAsync()
        {
            SessionId[] before;
            lock (acknowledged)
            {
                before = [.. acknowledged];
            }

            var listed = await _store.FetchAllAsync(user, default);
            Assert.That(listed.Select(static session => session.Id), Is.SupersetOf(before));
        }

        async Task UpdateAsync()
        {
            var id = first[_random.Next(first.Length)];
            var session = await _store.FetchSessionAsync(id, default);
            Assert.That(session, Is.Not.Null);
            var update = await _store.UpdateAsync(id, new() { Values = ValuesPatch.Empty.Set("k", "v") }, default);
            Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Applied));
            await _store.TouchAsync(
                [
                    new()
                    {
                        Id = id,
                        LastSeenAt = session!.LastSeenAt.AddSeconds(1),
                        ExpiresAt = session.ExpiresAt.AddSeconds(1),
                    },
                ],
                default
            );
        }

        async Task CreateOneAsync()
        {
            var id = await CreateAsync(user);
            lock (acknowledged)
            {
                acknowledged.Add(id);
            }
        }
    }

    private async Task CreateThreeAsync(string user)
    {
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync(user);
        }
    }

    private async Task<SessionId> CreateAsync(string user)
    {
        var session = _samples.Create(user);
        await _store.CreateAsync(session, null, default);
        return session.Id;
    }

    /// <summary>Moves a slot key by key.</summary>
    private async Task MoveSlotOfAsync(SessionId id, bool indexFirst, Func<Task> onHalfTheWay)
    {
        var slot = (await _cluster.Nodes[0].CallAsync("CLUSTER", "KEYSLOT", $"{{{id.Shard}}}")).Text!;
        var move = await RedisSlotMove.OpenAsync(_cluster, slot);
        // Sessions that are created meanwhile would make new keys: until none is left.
        while (await move.KeysAsync() is { Length: > 0 } keys)
        {
            foreach (var (i, key) in keys.OrderBy(key => key.Text!.Contains(":u:", StringComparison.Ordinal) != indexFirst).Index())
            {
                await move.MigrateAsync(key);
                if (i == keys.Length / 2)
                {
                    await onHalfTheWay();
                }
            }
        }

        await move.CloseAsync();
    }
}
