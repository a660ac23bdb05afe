using Sessions.Stores;

namespace Sessions.Tests.Life;

/// <summary>A store whose backend is down.</summary>
internal sealed class UnreachableStore : ISessionStore
{
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        throw Down();

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) => throw Down();

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) => throw Down();

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) => throw Down();

    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) => throw Down();

    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) => throw Down();

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        throw Down();

    private static SessionStoreException Down() => new("The backend is down.");
}
