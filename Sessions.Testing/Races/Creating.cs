using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaces<TStore>
{
    /// <summary>An id belongs to whoever was first; the others learn that it is taken.</summary>
    [Test]
    public Task Of_creates_of_one_id_exactly_one_wins() =>
        RoundsAsync(async _ =>
        {
            var id = Samples.NewId("ann");
            var sessions = Enumerable.Range(0, Tasks).Select(_ => Samples.CreateFull() with { Id = id }).ToArray();

            var won = await TogetherAsync([.. sessions.Select(session => (Func<Task<Session?>>)(() => TryCreateAsync(session)))]);

            Assert.That(won.Count(session => session is not null), Is.EqualTo(1));
            Assert.That(await Store.FetchAsync(id, Token), Is.EqualTo(won.Single(session => session is not null)));
        });

    private async Task<Session?> TryCreateAsync(Session session)
    {
        try
        {
            await Store.CreateAsync(session, null, Token);
            return session;
        }
        catch (DuplicateSessionException)
        {
            return null;
        }
    }
}
