using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Creates_at_once_never_exceed_a_limit_that_ends_the_oldest() =>
        RunRoundsAsync(async user =>
        {
            var limit = new SessionLimit { Max = 3, Policy = SessionLimitPolicy.EndLeastRecentlyUsed };
            var sessions = CreateSamples(user, limit.Max + Concurrency);
            var ended = new ConcurrentBag<SessionId>();
            foreach (var session in sessions[..limit.Max])
            {
                await CreateAsync(session);
            }

            var created = sessions[limit.Max..].Select(session => (Func<Task>)(() => CreateAsync(session)));
            var listed = new int[2];
            await RaceAsync([.. created, () => ListAsync(0), () => ListAsync(1)]);

            var live = await Store.FetchAllAsync(user, Token);
            Assert.That(live, Has.Count.EqualTo(limit.Max));
            Assert.That(listed, Has.All.LessThanOrEqualTo(limit.Max), "A list taken meanwhile shows too many.");
            Assert.That(live[^1], Is.EqualTo(sessions[^1]), "The newest was ended.");
            Assert.That(
                ended.Concat(live.Select(session => session.Id)),
                Is.EquivalentTo(sessions.Select(session => session.Id)),
                "Each session is either ended by one create or alive."
            );

            async Task CreateAsync(Session session)
            {
                foreach (var other in (await Store.CreateAsync(session, limit, Token)).Evicted)
                {
                    ended.Add(other.Id);
                }
            }

            async Task ListAsync(int i) => listed[i] = (await Store.FetchAllAsync(user, Token)).Count;
        });

    [Test]
    public Task Creates_at_once_never_exceed_a_limit_that_refuses() =>
        RunRoundsAsync(async user =>
        {
            var limit = new SessionLimit { Max = 4, Policy = SessionLimitPolicy.Refuse };
            var first = await CreateAsync(CreatedLater(Samples.Create(user), -1));
            var sessions = CreateSamples(user, Concurrency);

            var created = await RaceAsync(async i => await TryCreateAsync(sessions[i], limit) is not null);

            Assert.That(created.Count(won => won), Is.EqualTo(limit.Max - 1));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([first, .. sessions.Where((_, i) => created[i])]));
        });
}
