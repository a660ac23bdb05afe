namespace Sessions.Stores;

/// <summary>
/// Notifies listeners on this node at once of what it does itself: with a feed, the message would come back in a moment; without one,
/// nothing else would bring it.
/// </summary>
internal sealed class NotifyingSessionStore(ISessionStore inner, IReadOnlyList<ISessionChangeListener> listeners)
    : DelegatingSessionStore(inner)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var creation = await base.CreateAsync(session, limit, replaces, cancellationToken).ConfigureAwait(false);
            Publish(creation.Evicted);
            if (creation.Replaced is { } replaced)
            {
                Publish(new SessionChange { Id = replaced.Id, Kind = SessionChangeKind.Ended });
            }

            return creation;
        }
        catch (Exception e) when (e is not (SessionLimitException or DuplicateSessionException))
        {
            if (limit is not null)
            {
                InvalidateAll();
            }
            else if (replaces is { } id)
            {
                Publish(new SessionChange { Id = id, Kind = SessionChangeKind.Changed });
            }

            throw;
        }
    }

    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        try
        {
            return await base.UpdateAsync(id, patch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Publish(new SessionChange { Id = id, Kind = SessionChangeKind.Changed });
        }
    }

    public override async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        // A deletion that failed may have happened: the session counts as changed, so that listeners read it again.
        var kind = SessionChangeKind.Changed;
        try
        {
            var ended = await base.DeleteAsync(id, leaves, cancellationToken).ConfigureAwait(false);
            kind = SessionChangeKind.Ended;
            return ended;
        }
        finally
        {
            Publish(new SessionChange { Id = id, Kind = kind });
        }
    }

    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var ended = await base.DeleteAllAsync(userKey, except, cancellationToken).ConfigureAwait(false);
            Publish(ended ?? []);
            return ended;
        }
        catch
        {
            InvalidateAll();
            throw;
        }
    }

    public override async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await base.DeleteByTagAsync(tag, cancellationToken).ConfigureAwait(false);
            Publish(ended);
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
            Publish(new SessionChange { Id = session.Id, Kind = SessionChangeKind.Ended });
        }
    }

    private void Publish(SessionChange change)
    {
        foreach (var listener in listeners)
        {
            listener.OnChange(change);
        }
    }

    /// <summary>Which sessions a call that failed has ended, if any, is unknown.</summary>
    private void InvalidateAll()
    {
        foreach (var listener in listeners)
        {
            listener.OnConnected();
        }
    }
}
