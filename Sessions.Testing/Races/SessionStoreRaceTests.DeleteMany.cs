using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

/// <content>Deleting more sessions than one step may take.</content>
public abstract partial class SessionStoreRaceTests<TBackend>
{
    // More than a step, and not a multiple of one.
    private const int Many = 1700;

    [TestCase(false)]
    [TestCase(true)]
    public Task Delete_all_of_more_than_a_thousand_sessions_among_logins_leaves_none_that_was_there_before_it(bool sparing) =>
        RunLongRoundsAsync(async user =>
        {
            var sessions = await CreateAtOnceAsync(user, Many);
            var spared = sparing ? sessions[Random.Next(sessions.Length)] : null;
            var logins = CreateSamples(user, (Concurrency - 1) * 3);
            IReadOnlyList<Session> ended = [];

            await RaceAsync([
                .. logins.Chunk(3).Select(chunk => (Func<Task>)(() => LogInAsync(chunk))),
                async () => ended = (await Store.DeleteAllAsync(user, spared?.Id, Token))!,
            ]);

            var live = await Store.FetchAllAsync(user, Token);
            Assert.That(
                ended.Concat(live).Select(session => session.Id),
                Is.EquivalentTo(sessions.Concat(logins).Select(session => session.Id)),
                "Each session is either ended by the delete-all or alive."
            );
            Assert.That(
                live.Select(session => session.Id),
                Is.SubsetOf(logins.Append(spared).OfType<Session>().Select(session => session.Id)),
                "A session that was there before is alive."
            );
            Assert.That(live, spared is null ? Has.No.Member(sessions[0]) : Has.Member(spared));

            async Task LogInAsync(Session[] chunk)
            {
                foreach (var session in chunk)
                {
                    await CreateAsync(session);
                }
            }
        });

    [TestCase(false)]
    [TestCase(true)]
    public Task A_delete_all_that_was_cut_off_is_ended_by_the_same_call(bool sparing) =>
        RunLongRoundsAsync(async user =>
        {
            var sessions = await CreateAtOnceAsync(user, Many);
            var spared = sparing ? sessions[Random.Next(sessions.Length)] : null;
            await CutOffAsync(async cut => await Store.DeleteAllAsync(user, spared?.Id, cut));

            await Store.DeleteAllAsync(user, spared?.Id, Token);

            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(spared is null ? [] : new[] { spared }));
        });

    [Test]
    public Task A_delete_by_tag_that_was_cut_off_is_ended_by_the_same_call() =>
        RunLongRoundsAsync(async user =>
        {
            var tag = CreateTag(user);
            await CreateAtOnceAsync(CreateTagged(tag, 1100, [null, .. Enumerable.Range(0, 29).Select(i => $"{user} {i}")]));
            await CutOffAsync(async cut => await Store.DeleteByTagAsync(tag, cut));

            await Store.DeleteByTagAsync(tag, Token);

            Assert.That(await Store.FetchByTagAsync(tag, Token), Is.Empty);
        });

    [Test]
    public Task Of_two_that_delete_more_than_a_thousand_sessions_each_is_returned_by_one() =>
        RunLongRoundsAsync(async user =>
        {
            var sessions = await CreateAtOnceAsync(user, Many);
            var ended = new ConcurrentBag<Session>();

            await RaceAsync(DeleteAsync, DeleteAsync);

            Assert.That(ended, Is.EquivalentTo(sessions));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.Empty);

            async Task DeleteAsync()
            {
                foreach (var session in (await Store.DeleteAllAsync(user, null, Token))!)
                {
                    ended.Add(session);
                }
            }
        });

    /// <summary>A hundredth of the rounds, since each of them takes a hundred times as long.</summary>
    private Task RunLongRoundsAsync(Func<string, Task> race) => RunRoundsAsync(Math.Max(1, Rounds / 100), race);

    private async Task<Session[]> CreateAtOnceAsync(string userKey, int count)
    {
        var sessions = CreateSamples(userKey, count);
        await CreateAtOnceAsync(sessions);
        return sessions;
    }

    private Task CreateAtOnceAsync(Session[] sessions) =>
        Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = Token },
            async (session, _) => await CreateAsync(session)
        );

    /// <summary>Begins a call, and cancels it somewhere on its way; what becomes of it is not known.</summary>
    private async Task CutOffAsync(Func<CancellationToken, Task> call)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = Task.Run(() => call(cut.Token), Token);
        for (var steps = Random.Next(200); steps > 0 && !running.IsCompleted; steps--)
        {
            await Task.Yield();
        }

        await cut.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(running.Exception?.InnerException, Is.Null.Or.TypeOf<IncompleteDeletionException>());
    }
}
