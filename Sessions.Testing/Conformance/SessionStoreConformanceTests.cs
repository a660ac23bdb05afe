using NUnit.Framework;

namespace Sessions.Testing;

/// <summary>
/// The contract of <see cref="ISessionStore"/>, each sentence a test of nearly the same name. To prove a store, write a
/// <see cref="SessionStoreBackend"/> for it and derive one empty class from this; what the store can do beside
/// (<see cref="ISessionStore.DeleteExpiredAsync"/> and others) is found by itself.
/// </summary>
/// <typeparam name="TBackend">How the store under test is made.</typeparam>
public abstract partial class SessionStoreConformanceTests<TBackend> : SessionStoreTestBase<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    private async Task<Session> CreateAsync(Session session)
    {
        Assert.That((await Store.CreateAsync(session, null, Token)).Evicted, Is.Empty, "Without a limit nothing is ended.");
        return session;
    }

    /// <summary>Sessions of one user, the second begun a millisecond after the first and so on, stored in any order.</summary>
    private async Task<Session[]> CreateManyAsync(int count, string userKey = "ann")
    {
        var sessions = Enumerable.Range(0, count).Select(i => CreatedLater(Samples.Create(userKey), i)).ToArray();
        var shuffled = sessions.ToArray();
        Random.Shuffle(shuffled.AsSpan());
        await Parallel.ForEachAsync(
            shuffled,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            async (session, _) => await Store.CreateAsync(session, null, Token)
        );
        return sessions;
    }

    private static Session CreatedLater(Session session, int milliseconds) =>
        session with
        {
            CreatedAt = session.CreatedAt.AddMilliseconds(milliseconds),
        };

    private async Task AssertStoredAsync(Session expected, string? because = null)
    {
        var stored = await Store.FetchSessionAsync(expected.Id, Token);
        Assert.That(stored, Is.EqualTo(expected), () => $"{because} {SessionDifference.Describe(expected, stored)}");
    }

    private async Task AssertGoneAsync(SessionId id) => Assert.That(await Store.FetchSessionAsync(id, Token), Is.Null);

    /// <summary>That no record is left, not even an expired one: its id is free again.</summary>
    private async Task AssertNoRecordAsync(Session session)
    {
        const string message = "A record of the id is left.";
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null, message);
        await Assert.ThatAsync(async () => await Store.CreateAsync(session, null, Token), Throws.Nothing, message);
    }
}
