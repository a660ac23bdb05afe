using NUnit.Framework;

namespace Sessions.Testing;

/// <summary>
/// The contract of <see cref="ISessionStore"/>, each sentence a test of nearly the same name. To prove a store derive one small class from it and say how
/// the store is made; what the store can do beside (<see cref="ISweepableSessionStore"/>) is found by itself.
/// </summary>
/// <typeparam name="TStore">The store under test.</typeparam>
public abstract partial class SessionStoreConformance<TStore> : SessionStoreSuite<TStore>
    where TStore : class, ISessionStore
{
    /// <summary>Stores a session without a limit and returns it.</summary>
    private async Task<Session> CreateAsync(Session session)
    {
        Assert.That(await Store.CreateAsync(session, null, Token), Is.Empty, "Without a limit nothing is ended.");
        return session;
    }
}
