using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <content>What an endpoint can do with the sessions of its request.</content>
internal sealed partial class SessionExchange
{
    // Whoever disconnects cannot cancel a change: half a sign-in or a sign-out that did not happen is worse than one that nobody waits for.
    private static CancellationToken NotCancelled => CancellationToken.None;

    /// <exception cref="InvalidOperationException">The response has started.</exception>
    /// <exception cref="BadHttpRequestException">403: the request comes from a foreign origin.</exception>
    public async ValueTask<Session> InitAsync(string userKey, SessionInit init)
    {
        if (_context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "The response has started, so the session's cookie can no longer be set. Begin the session before anything is written."
            );
        }

        if (_http.CrossOrigin.IsForeign(_context))
        {
            throw new CrossOriginSessionException();
        }

        var held = _issued?.Token;
        if (held is null && _http.Read(_context.Request, out var shown, out _) == SessionRejection.None)
        {
            held = shown;
        }

        var issued = await InitAsync(userKey, init, held).ConfigureAwait(false);
        (_issued, _source) = ((issued.Session, issued.Token), CredentialSource.Cookie);
        return issued.Session;
    }

    /// <exception cref="InvalidOperationException">Bearer tokens are off.</exception>
    public async ValueTask<IssuedSession> IssueAsync(string userKey, SessionInit init)
    {
        if (!_http.Options.Bearer)
        {
            throw new InvalidOperationException(
                "Bearer tokens are off, so the issued one would open nothing. Set SessionHttpOptions.Bearer with ConfigureHttp."
            );
        }

        // Neither reads nor sets a cookie: nothing that a browser adds on its own counts here, so the cross-origin rule has nothing to hold off.
        SessionToken? held =
            _http.Read(_context.Request, out var shown, out var source) == SessionRejection.None && source == CredentialSource.Bearer
                ? shown
                : null;
        var issued = await InitAsync(userKey, init, held).ConfigureAwait(false);
        (_source, _noStore) = (CredentialSource.Bearer, true);
        return issued;
    }

    /// <summary>The session of this request, if there is one.</summary>
    /// <exception cref="InvalidOperationException">Nobody has looked.</exception>
    /// <exception cref="SessionStoreException">The store could not be asked.</exception>
    public Session? Current()
    {
        var verdict = _verdict ?? throw SessionHttpContext.NotFiltered(_http.Name);
        return _failure is not null && verdict.Rejection == SessionRejection.StoreUnavailable
            ? throw new SessionStoreException("The store could not be asked for the session of this request.", _failure)
            : verdict.Session;
    }

    public async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync() =>
        Current() is { } current ? await _http.Manager.FetchAllAsync(current, _context.RequestAborted).ConfigureAwait(false) : [];

    public async ValueTask<bool> RevokeAsync()
    {
        if (Current() is not { } current)
        {
            return false;
        }

        var ended = await _http.Manager.RevokeAsync(current.Id, NotCancelled).ConfigureAwait(false);
        End(SessionRejection.Revoked);
        return ended is not null;
    }

    public ValueTask<bool> RevokeAsync(SessionId id) =>
        Current() is not { } current ? new(false)
        : current.Id == id ? RevokeAsync()
        : _http.Manager.RevokeOwnAsync(current, id, NotCancelled);

    public async ValueTask<int?> RevokeOthersAsync()
    {
        if (Current() is not { } current)
        {
            return null;
        }

        var revoked = await _http.Manager.RevokeOtherAsync(current, NotCancelled).ConfigureAwait(false);
        if (revoked is null)
        {
            End(SessionRejection.Unknown);
        }

        return revoked;
    }

    public async ValueTask<int?> RevokeAllAsync()
    {
        if (Current() is not { } current)
        {
            return null;
        }

        var revoked = await _http.Manager.RevokeAllAsync(current, NotCancelled).ConfigureAwait(false);
        End(SessionRejection.Revoked);
        return revoked;
    }

    public async ValueTask<SessionUpdate> UpdateValuesAsync(ValuesPatch patch)
    {
        if (Current() is not { } current)
        {
            return SessionUpdate.Gone;
        }

        var update = await _http.Manager.UpdateValuesAsync(current.Id, patch, NotCancelled).ConfigureAwait(false);
        if (update.Session is { } session)
        {
            _verdict = SessionVerdict.Accept(session);
        }
        else
        {
            End(SessionRejection.Unknown);
        }

        return update;
    }

    private async ValueTask<IssuedSession> InitAsync(string userKey, SessionInit init, SessionToken? held)
    {
        var issued = await _http
            .Manager.InitAsync(
                userKey,
                init with
                {
                    Client = init.Client ?? _http.Client.Read(_context),
                    Held = init.Held ?? held,
                },
                NotCancelled
            )
            .ConfigureAwait(false);
        (_verdict, _accepted, _guarded) = (SessionVerdict.Accept(issued.Session), true, true);
        ServerCaches.Forbid(_context);
        return issued;
    }

    /// <summary>There is no session from here on; the browser's cookie goes with it.</summary>
    public void End(SessionRejection reason)
    {
        _verdict = SessionVerdict.Reject(reason);
        if (_source == CredentialSource.Cookie)
        {
            (_issued, _clear) = (null, true);
        }
    }
}
