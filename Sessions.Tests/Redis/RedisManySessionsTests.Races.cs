using System.Collections.Concurrent;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

/// <content>Seeded rounds of calls of two nodes at once.</content>
public sealed partial class RedisManySessionsTests
{
    private static int Rounds => TestEffort.Scale(20);

    [Test]
    [CancelAfter(120_000)]
    public async Task Whatever_happens_at_once_each_session_ends_once_or_is_alive_and_listed()
    {
        using var other = _stores.Create(_server.Endpoint, _clock);
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                await RunRoundAsync([_store, other]);
            }
            catch (Exception e)
            {
                throw new AssertionException($"Round {round}, {SeededRandom.SeedVariable}={_random.Seed}: {e.Message}", e);
            }
        }
    }

    private async Task RunRoundAsync(RedisSessionStore[] nodes)
    {
        var before = await CreateAsync(Step - 50 + _random.Next(700));
        var lasting = Pick(before);
        var all = new ConcurrentBag<SessionId>(before.Select(IdOf));
        var ended = new ConcurrentBag<SessionId>();
        // Where a call deletes all of them, none of those from before is left; otherwise one is, which is listed all the time.
        var (endsAll, lists) = (_random.Next(2) == 0, new ConcurrentBag<IReadOnlyList<Session>>());
        var calls = Enumerable
            .Range(0, 6)
            .Select(_ => CreateCall(nodes[_random.Next(2)]))
            .Append(() => DeleteAllAsync(nodes[0], endsAll ? null : lasting));

        await Task.WhenAll(calls.Select(static call => Task.Run(call)));

        var live = await _store.FetchAllAsync("ann", default);
        Assert.That(ended.Concat(live.Select(IdOf)), Is.EquivalentTo(all), "Each session has ended once, or is alive.");
        Assert.That(await Task.WhenAll(live.Select(one => nodes[1].FetchSessionAsync(one.Id, default).AsTask())), Has.None.Null);
        var old = before.Select(IdOf).Intersect(live.Select(IdOf));
        Assert.That(old, Is.EqualTo(endsAll ? [] : new[] { lasting.Id }), "Those from before, when all calls are done.");
        if (!endsAll)
        {
            Assert.That(lists.Select(list => list.Select(IdOf)), Has.All.Member(lasting.Id));
        }

        Assert.That(await _store.DeleteAllAsync("ann", null, default), Is.EquivalentTo(live));
        Assert.That(await WalkAsync(), Is.Empty);

        Func<Task> CreateCall(RedisSessionStore node)
        {
            var (one, another) = (Pick(before), Pick(before));
            return _random.Next(6) switch
            {
                0 => () => DeleteAllAsync(node, lasting),
                1 => async () => lists.Add(await node.FetchAllAsync("ann", default)),
                2 => () => SignInAsync(node, one == lasting ? null : one.Id),
                3 => async () => End(one == lasting ? null : await node.DeleteAsync(one.Id, SessionMarker.Replaced, default)),
                4 => async () => await node.TouchAsync([CreateTouch(one), CreateTouch(another), CreateTouch(lasting)], default),
                _ => async () => await node.UpdateAsync(lasting.Id, CreateReauthentication(), default),
            };
        }

        async Task DeleteAllAsync(RedisSessionStore node, Session? except)
        {
            try
            {
                End([.. await node.DeleteAllAsync("ann", except?.Id, default) ?? []]);
            }
            catch (IncompleteDeletionException e)
            {
                // The spared session was ended meanwhile.
                End([.. e.Deleted]);
            }
        }

        async Task SignInAsync(RedisSessionStore node, SessionId? replaces)
        {
            for (var i = 0; i < 5; i++)
            {
                var session = _samples.Create();
                all.Add(session.Id);
                var creation = await node.CreateAsync(session, new() { Max = 5_000 }, replaces, default);
                End([.. creation.Evicted, creation.Replaced]);
            }
        }

        void End(params Session?[] sessions)
        {
            foreach (var session in sessions.OfType<Session>())
            {
                ended.Add(session.Id);
            }
        }
    }

    private Session Pick(List<Session> sessions) => sessions[_random.Next(sessions.Count)];
}
