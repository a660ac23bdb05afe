using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>Passes every call on and can do no more than every store: whatever the one behind can do beside, nobody finds it.</summary>
internal class PlainStore(ISessionStore inner) : ISessionStore
{
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        inner.CreateAsync(session, limit, cancellationToken);

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) => inner.FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        inner.FetchAllAsync(userKey, cancellationToken);

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        inner.UpdateAsync(id, patch, cancellationToken);

    public virtual ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        inner.TouchAsync(touches, cancellationToken);

    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        inner.DeleteAllAsync(userKey, except, cancellationToken);
}
