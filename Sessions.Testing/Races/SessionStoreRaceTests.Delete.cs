using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task An_update_never_brings_back_a_session_that_is_deleted() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));
            var updates = new SessionUpdate[Concurrency - 1];
            Session? deleted = null;

            await RaceAsync([
                .. Enumerable.Range(0, updates.Length).Select(i => (Func<Task>)(() => PatchAsync(i))),
                async () => deleted = await DeleteEitherWayAsync(session),
            ]);

            await AssertGoneAsync(session);
            var applied = Enumerable.Range(0, updates.Length).Where(i => updates[i].Outcome == SessionUpdateOutcome.Applied).ToArray();
            Assert.That(deleted?.Values.Keys, Is.EqualTo(applied.Select(i => $"{i}")), "What was applied came before the deletion.");
            Assert.That(updates.Where((_, i) => !applied.Contains(i)), Has.All.EqualTo(SessionUpdate.Gone));

            async Task PatchAsync(int i) => updates[i] = await UpdateAsync(session, patch => patch.Set($"{i}", ""));
        });

    [Test]
    public Task A_touch_never_brings_back_a_session_that_is_deleted() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));
            Session? deleted = null;

            await RaceAsync([
                .. Enumerable.Range(1, Concurrency - 1).Select(i => (Func<Task>)(() => TouchAsync(i))),
                async () => deleted = await DeleteEitherWayAsync(session),
            ]);

            await AssertGoneAsync(session);
            Assert.That(deleted?.Id, Is.EqualTo(session.Id));

            Task TouchAsync(int i) => Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(i))], Token).AsTask();
        });

    [Test]
    public Task Of_calls_that_end_a_session_one_returns_it() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));

            var ended = await RaceAsync(_ => DeleteEitherWayAsync(session));

            Assert.That(ended.Where(one => one is not null), Is.EqualTo([session]));
            await AssertGoneAsync(session);
        });

    [Test]
    public Task Of_deletes_of_many_sessions_each_is_returned_once() =>
        RunRoundsAsync(async user =>
        {
            var sessions = await CreateManyAsync(user, 4);
            var ended = new ConcurrentBag<Session>();

            await RaceAsync(
                Enumerable
                    .Range(0, Concurrency)
                    .Select(i =>
                        (Func<Task>)(
                            async () =>
                            {
                                if (await Store.DeleteAsync(sessions[i % sessions.Length].Id, Token) is { } session)
                                {
                                    ended.Add(session);
                                }
                            }
                        )
                    )
            );

            Assert.That(ended, Is.EquivalentTo(sessions));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.Empty);
        });

    /// <summary>Ends a session, the only one of its user, in one of the three ways there are.</summary>
    private async Task<Session?> DeleteEitherWayAsync(Session session)
    {
        switch (Random.Next(3))
        {
            case 0:
                return await Store.DeleteAsync(session.Id, Token);
            case 1:
                var all = await Store.DeleteAllAsync(session.UserKey!, null, Token);
                return all!.SingleOrDefault(other => other.Id == session.Id);
            default:
                var next = CreatedLater(Samples.Create(session.UserKey), 1);
                var creation = await Store.CreateAsync(next, new() { Max = 1 }, Token);
                return creation.Evicted.SingleOrDefault(other => other.Id == session.Id);
        }
    }
}
