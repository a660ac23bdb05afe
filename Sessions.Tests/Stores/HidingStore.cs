using Sessions.Stores;

namespace Sessions.Tests.Stores;

/// <summary>A store in front of a store as it should not be written: it leaves to the contract what the contract has a body for.</summary>
internal sealed class HidingStore(ISessionStore inner) : ISessionStore
{
    public ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) => inner.CreateAsync(session, limit, replaces, cancellationToken);

    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        inner.FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => inner.FetchAllAsync(userKey, valueKeys, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        inner.FetchByTagAsync(tag, cancellationToken);

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        inner.UpdateAsync(id, patch, cancellationToken);

    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        inner.TouchAsync(touches, cancellationToken);

    public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        inner.DeleteAsync(id, leaves, cancellationToken);

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        inner.DeleteAllAsync(userKey, except, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        inner.DeleteByTagAsync(tag, cancellationToken);
}
