namespace Sessions;

/// <content>Listing and revoking.</content>
public sealed partial class SessionManager
{
    /// <summary>The live sessions of whoever owns <paramref name="current"/>, as he may see them, oldest first. For a visitor only this one.</summary>
    public async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        IReadOnlyList<Session> sessions;
        if (current.UserKey is not null)
        {
            sessions = await FetchAllAsync(current.UserKey, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            sessions = await _store.FetchAsync(current.Id, cancellationToken).ConfigureAwait(false) is { } session ? [session] : [];
        }

        return [.. sessions.Select(session => ListedSession.Create(session, current.Id, _options.ListedValues))];
    }

    /// <summary>The live sessions of a user, oldest first; empty when there are none.</summary>
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken = default) =>
        _store.FetchAllAsync(SessionText.CheckUserKey(userKey), cancellationToken);

    /// <summary>Ends a session, whoever owns it: for administrators' code.</summary>
    /// <returns>The session that was ended; null: there was none.</returns>
    public ValueTask<Session?> RevokeAsync(SessionId id, CancellationToken cancellationToken = default) =>
        EndAsync(id, SessionEndReason.Administrator, actor: null, cancellationToken);

    /// <summary>Ends a session, if it belongs to whoever owns <paramref name="current"/>. A foreign one and an unknown one look the same.</summary>
    /// <returns>Whether a session of his was ended.</returns>
    public async ValueTask<bool> RevokeAsync(Session current, SessionId id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);

        // A session never changes its owner, so looking first and deleting then is no race.
        var own =
            id == current.Id
            || (
                current.UserKey is not null
                && await _store.FetchAsync(id, cancellationToken).ConfigureAwait(false) is { } session
                && string.Equals(session.UserKey, current.UserKey, StringComparison.Ordinal)
            );
        return own && await EndAsync(id, GetEndReason(id, current.Id), current.Id, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Ends every session of whoever owns <paramref name="current"/> but that one. A visitor has no others.</summary>
    /// <returns>How many were ended; null: <paramref name="current"/> itself is no longer alive, and nothing was ended.</returns>
    public async ValueTask<int?> RevokeOtherAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current.UserKey is null)
        {
            return await _store.FetchAsync(current.Id, cancellationToken).ConfigureAwait(false) is null ? null : 0;
        }

        var ended = await _store.DeleteAllAsync(current.UserKey, current.Id, cancellationToken).ConfigureAwait(false);
        await _events.RaiseEndedAsync(ended ?? [], SessionEndReason.OtherDevice, current.Id).ConfigureAwait(false);
        return ended?.Count;
    }

    /// <summary>Ends every session of whoever owns <paramref name="current"/>, that one included. For a visitor only this one.</summary>
    /// <returns>How many were ended.</returns>
    public async ValueTask<int> RevokeAllAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current.UserKey is null)
        {
            return await RevokeAsync(current, current.Id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        var ended = await _store.DeleteAllAsync(current.UserKey, except: null, cancellationToken).ConfigureAwait(false) ?? [];
        foreach (var session in ended)
        {
            await _events.RaiseEndedAsync(session, GetEndReason(session.Id, current.Id), current.Id).ConfigureAwait(false);
        }

        return ended.Count;
    }

    /// <summary>Ends every session of a user, for instance after his password was reset.</summary>
    /// <returns>How many were ended.</returns>
    /// <exception cref="ArgumentException">The user key is not 1 to 512 bytes of UTF-8 without U+0000.</exception>
    public async ValueTask<int> RevokeAllAsync(string userKey, CancellationToken cancellationToken = default)
    {
        SessionText.CheckUserKey(userKey);
        var ended = await _store.DeleteAllAsync(userKey, except: null, cancellationToken).ConfigureAwait(false) ?? [];
        await _events.RaiseEndedAsync(ended, SessionEndReason.Administrator).ConfigureAwait(false);
        return ended.Count;
    }

    /// <summary>Tells of sessions that a sweep has deleted.</summary>
    internal ValueTask RaiseExpiredAsync(IReadOnlyList<Session> sessions) => _events.RaiseEndedAsync(sessions, SessionEndReason.Expired);

    private static SessionEndReason GetEndReason(SessionId ended, SessionId actor) =>
        ended == actor ? SessionEndReason.SignedOut : SessionEndReason.OtherDevice;

    private async ValueTask<Session?> EndAsync(SessionId id, SessionEndReason reason, SessionId? actor, CancellationToken cancellationToken)
    {
        var ended = await _store.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        if (ended is not null)
        {
            await _events.RaiseEndedAsync(ended, reason, actor).ConfigureAwait(false);
        }

        return ended;
    }
}
