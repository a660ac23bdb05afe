namespace Sessions.Stores;

/// <summary>
/// Tells listeners on this node at once of what it does itself: with a feed, the news would come back in a moment; without one, nobody else would bring it.
/// </summary>
internal sealed class NotifyingSessionStore(ISessionStore store, IReadOnlyList<ISessionChangeListener> listeners) : ISessionStore
{
    public async ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await store.CreateAsync(session, limit, cancellationToken).ConfigureAwait(false);
            Publish(ended);
            return ended;
        }
        catch (Exception e) when (limit is not null && e is not (SessionLimitException or DuplicateSessionException))
        {
            InvalidateAll();
            throw;
        }
    }

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) => store.FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        store.FetchAllAsync(userKey, cancellationToken);

    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        try
        {
            return await store.UpdateAsync(id, patch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Publish(new SessionChange(id, SessionChangeKind.Changed));
        }
    }

    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        store.TouchAsync(touches, cancellationToken);

    public async ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        // When it fails, nobody knows whether it is gone: then it counts as changed, and is looked at again.
        var kind = SessionChangeKind.Changed;
        try
        {
            var ended = await store.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
            kind = SessionChangeKind.Ended;
            return ended;
        }
        finally
        {
            Publish(new SessionChange(id, kind));
        }
    }

    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await store.DeleteAllAsync(userKey, except, cancellationToken).ConfigureAwait(false);
            Publish(ended ?? []);
            return ended;
        }
        catch
        {
            InvalidateAll();
            throw;
        }
    }

    private void Publish(IReadOnlyList<Session> ended)
    {
        foreach (var session in ended)
        {
            Publish(new SessionChange(session.Id, SessionChangeKind.Ended));
        }
    }

    private void Publish(SessionChange change)
    {
        foreach (var listener in listeners)
        {
            listener.OnChange(change);
        }
    }

    /// <summary>Which sessions a call that failed has ended, if any, nobody can say.</summary>
    private void InvalidateAll()
    {
        foreach (var listener in listeners)
        {
            listener.OnConnected();
        }
    }
}
