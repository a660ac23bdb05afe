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
        ThrowIfNoCookieCanBeSet();
        return SetCookie(await _http.Manager.InitAsync(userKey, Complete(init, Held()), NotCancelled).ConfigureAwait(false));
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
        var issued = await _http.Manager.InitAsync(userKey, Complete(init, held), NotCancelled).ConfigureAwait(false);
        Began(issued);
        (_token, _source, _noStore) = (issued.Token, CredentialSource.Bearer, true);
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

        var ended = await _http.Manager.RevokeOwnAsync(current, current.Id, NotCancelled).ConfigureAwait(false);
        End(SessionRejection.Revoked);
        return ended;
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

    /// <summary>The session that was adopted is no more. A session of our own cookie is none of whoever says so.</summary>
    public void EndAdopted()
    {
        _offered = null;
        if (_source == CredentialSource.Ticket)
        {
            End(SessionRejection.Revoked);
        }
    }

    /// <summary>
    /// There is no session from here on. The browser's cookie goes with one that this request has ended; where another did, a cookie may have been set beside it meanwhile.
    /// </summary>
    private void End(SessionRejection reason)
    {
        _verdict = SessionVerdict.Reject(reason);
        if (_source == CredentialSource.Cookie)
        {
            (_issued, _clear) = (null, reason == SessionRejection.Revoked || MayClear(_context.Request));
        }
    }

    /// <summary>Everything that must be so before the store is asked to begin a session whose cookie this response sets.</summary>
    private void ThrowIfNoCookieCanBeSet()
    {
        if (_context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "The response has started, so the session's cookie can no longer be set. Do this before anything is written."
            );
        }

        if (_http.CrossOrigin.IsForeign(_context))
        {
            throw new CrossOriginSessionException();
        }
    }

    /// <summary>The token that the client holds.</summary>
    private SessionToken? Held() =>
        _issued is { } issued ? issued.Token
        : _http.Read(_context.Request, out var shown, out _) == SessionRejection.None ? shown
        : null;

    private SessionInit Complete(SessionInit init, SessionToken? held) =>
        init with
        {
            Client = init.Client ?? _http.Client.Read(_context),
            Held = init.Held ?? held,
        };

    private Session SetCookie(IssuedSession issued)
    {
        Began(issued);
        (_issued, _token, _source, _clear) = ((issued.Session, issued.Token), issued.Token, CredentialSource.Cookie, false);
        return issued.Session;
    }

    private void Began(IssuedSession issued)
    {
        (_verdict, _accepted, _guarded, _seen, _remembered) = (SessionVerdict.Accept(issued.Session), true, true, true, false);
        _user = null;
        ServerCaches.Forbid(_context);
    }
}
