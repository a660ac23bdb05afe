using Sessions.Stores;

namespace Sessions.Tests.Life;

/// <summary>Passes every call on, and remembers the touches.</summary>
internal sealed class CountingStore(ISessionStore inner) : ISessionStore
{
    private readonly TaskCompletionSource _touched = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Touched { get; private set; }

    public IReadOnlyList<SessionTouch> LastBatch { get; private set; } = [];

    /// <summary>Ends when sessions were first touched.</summary>
    public Task NextTouch => _touched.Task;

    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        inner.CreateAsync(session, limit, cancellationToken);

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) => inner.FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        inner.FetchAllAsync(userKey, cancellationToken);

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        inner.UpdateAsync(id, patch, cancellationToken);

    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        await inner.TouchAsync(touches, cancellationToken);
        (Touched, LastBatch) = (Touched + touches.Count, touches);
        _touched.TrySetResult();
    }

    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        inner.DeleteAllAsync(userKey, except, cancellationToken);
}
