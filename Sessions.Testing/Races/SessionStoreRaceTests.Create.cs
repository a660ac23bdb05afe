using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Of_creates_of_one_id_exactly_one_wins() =>
        RunRoundsAsync(async user =>
        {
            var id = Samples.NewId(user);
            var sessions = CreateSamples(user, Concurrency).Select(session => session with { Id = id }).ToArray();

            var created = await RaceAsync(async i => await TryCreateAsync(sessions[i], null) is not null);

            Assert.That(created.Count(won => won), Is.EqualTo(1));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([sessions[Array.IndexOf(created, true)]]));
        });

    [Test]
    public Task Of_200_logins_of_one_user_at_once_all_are_listed() =>
        RunRoundsAsync(
            Math.Max(1, Rounds / 50),
            async user =>
            {
                var sessions = CreateSamples(user, 200);

                await RaceAsync(sessions.Select(session => (Func<Task>)(() => CreateAsync(session))));

                Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(sessions));
            }
        );

    /// <returns>What the limit ended; null: refused, by the limit or because the id is taken.</returns>
    private async Task<IReadOnlyList<Session>?> TryCreateAsync(Session session, SessionLimit? limit)
    {
        try
        {
            return (await Store.CreateAsync(session, limit, Token)).Evicted;
        }
        catch (Exception e) when (e is DuplicateSessionException or SessionLimitException)
        {
            return null;
        }
    }
}
