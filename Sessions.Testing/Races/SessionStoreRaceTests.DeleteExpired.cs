using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Of_sweeps_at_once_each_session_is_returned_by_one_and_what_they_passed_over_by_a_later_one() =>
        RunRoundsAsync(async user =>
        {
            await RequireSweepAsync();
            var sessions = await CreateManyAsync(user, 12);
            var swept = new ConcurrentBag<Session>();
            Clock.UtcNow = sessions[0].ExpiresAt + ClockTolerance.Deletion;

            await RaceAsync([
                .. Enumerable.Range(0, 4).Select(_ => (Func<Task>)(() => SweepAsync(5))),
                .. sessions[..3].Select(session => (Func<Task>)(() => TouchAsync(session))),
            ]);
            while (await SweepAsync(100) > 0) { }

            Assert.That(swept.Select(session => session.Id), Is.EquivalentTo(sessions.Select(session => session.Id)));

            async Task<int> SweepAsync(int count)
            {
                var sessions = (await Store.DeleteExpiredAsync(count, Token))!;
                foreach (var session in sessions)
                {
                    swept.Add(session);
                }

                return sessions.Count;
            }

            Task TouchAsync(Session session) => Store.TouchAsync([Touch(session, TimeSpan.FromHours(5))], Token).AsTask();
        });

    [Test]
    public Task A_sweep_does_not_delete_a_session_that_slides_meanwhile() =>
        RunRoundsAsync(async user =>
        {
            await RequireSweepAsync();
            var session = await CreateAsync(Samples.Create(user));
            var later = new Reauthentication
            {
                At = Clock.UtcNow,
                Method = "pwd",
                ExpiresAt = session.ExpiresAt.AddDays(1),
                EndsAt = session.ExpiresAt.AddDays(1),
            };
            var updates = new SessionUpdate[4];
            var deleted = 0;

            await RaceAsync([
                .. Enumerable.Range(0, updates.Length).Select(i => (Func<Task>)(() => ReauthenticateAsync(i))),
                .. Enumerable.Range(1, 3).Select(i => (Func<Task>)(() => TouchAsync(i))),
                SweepAsync,
            ]);

            var isAlive = await Store.FetchSessionAsync(session.Id, Token) is not null;
            Assert.That(isAlive || updates.All(update => update == SessionUpdate.Gone), "A session that was updated is gone.");
            Assert.That(isAlive && deleted > 0, Is.False, "A session that was swept is there.");
            await Store.DeleteAllAsync(user, null, Token);

            async Task ReauthenticateAsync(int i) =>
                updates[i] = await Store.UpdateAsync(session.Id, new SessionPatch { Reauthentication = later }, Token);

            Task TouchAsync(int i) => Store.TouchAsync([Touch(session, TimeSpan.FromHours(5 + i))], Token).AsTask();

            async Task SweepAsync()
            {
                // The session expires and falls due while the others are under way.
                Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion;
                deleted = (await Store.DeleteExpiredAsync(1000, Token))!.Count;
            }
        });

    private async Task RequireSweepAsync()
    {
        if (await Store.DeleteExpiredAsync(1, Token) is null)
        {
            Assert.Ignore("This store is not swept: its backend deletes what has expired by itself.");
        }
    }
}
