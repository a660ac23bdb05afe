using Sessions.Stores;

namespace Sessions.Tests.Providers;

/// <summary>A store in front of a store as it should not be written: it leaves to the contract what the contract has a body for.</summary>
internal sealed class HidingStore(ISessionStore inner) : ISessionStore
{
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        inner.CreateAsync(session, limit, cancellationToken);

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) => inner.FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        inner.FetchAllAsync(userKey, cancellationToken);

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        inner.UpdateAsync(id, patch, cancellationToken);

    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        inner.TouchAsync(touches, cancellationToken);

    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        inner.DeleteAllAsync(userKey, except, cancellationToken);
}
