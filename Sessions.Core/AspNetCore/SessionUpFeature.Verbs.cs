using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <content>What an endpoint can do with the sessions of its request.</content>
internal sealed partial class SessionUpFeature
{
    // Whoever disconnects cannot cancel a change: half a sign-in or a sign-out that did not happen is worse than one that nobody waits for.
    private static CancellationToken NotCancelled => CancellationToken.None;

    /// <exception cref="InvalidOperationException">The response has started.</exception>
    /// <exception cref="BadHttpRequestException">403: the request comes from a foreign origin.</exception>
    public async ValueTask<Session> InitAsync(string userKey, SessionInit init)
    {
        ThrowIfCookieCannotBeSet();
        return SetCookie(
            await _services.Manager.InitAsync(userKey, CompleteInit(init, GetReplacedToken()), NotCancelled).ConfigureAwait(false)
        );
    }

    /// <exception cref="InvalidOperationException">Bearer tokens are off.</exception>
    public async ValueTask<IssuedSession> IssueBearerAsync(string userKey, SessionInit init)
    {
        if (!_services.Options.AllowBearerTokens)
        {
            throw new InvalidOperationException(
                "Bearer tokens are off, so the issued one would open nothing. Set SessionHttpOptions.Bearer with ConfigureHttp."
            );
        }

        // Neither reads nor sets a cookie: nothing that a browser adds on its own counts here, so the cross-origin rule has nothing to hold off.
        SessionToken? held =
            _services.ReadToken(_context.Request, out var shown, out var source) == SessionRejection.None
            && source == CredentialSource.Bearer
                ? shown
                : null;
        var issued = await _services.Manager.InitAsync(userKey, CompleteInit(init, held), NotCancelled).ConfigureAwait(false);
        SetIssued(issued);
        (_token, _source, _noStore) = (issued.Token, CredentialSource.Bearer, true);
        return issued;
    }

    /// <summary>The session of this request, if there is one.</summary>
    /// <exception cref="InvalidOperationException">Nobody has looked.</exception>
    /// <exception cref="SessionStoreException">The store could not be asked.</exception>
    public Session? GetSession()
    {
        var verdict = _result ?? throw HttpContextSessionExtensions.CreateNotEvaluatedException(_services.Name);
        return _failure is not null && verdict.Rejection == SessionRejection.StoreUnavailable
            ? throw new SessionStoreException("The store could not be asked for the session of this request.", _failure)
            : verdict.Session;
    }

    public async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync() =>
        GetSession() is { } current ? await _services.Manager.FetchAllAsync(current, _context.RequestAborted).ConfigureAwait(false) : [];

    public async ValueTask<bool> RevokeAsync()
    {
        if (GetSession() is not { } current)
        {
            return false;
        }

        var ended = await _services.Manager.RevokeAsync(current, current.Id, NotCancelled).ConfigureAwait(false);
        SetEnded(SessionRejection.Revoked);
        return ended;
    }

    public ValueTask<bool> RevokeAsync(SessionId id) =>
        GetSession() is not { } current ? new(false)
        : current.Id == id ? RevokeAsync()
        : _services.Manager.RevokeAsync(current, id, NotCancelled);

    public async ValueTask<int?> RevokeOthersAsync()
    {
        if (GetSession() is not { } current)
        {
            return null;
        }

        var revoked = await _services.Manager.RevokeOtherAsync(current, NotCancelled).ConfigureAwait(false);
        if (revoked is null)
        {
            SetEnded(SessionRejection.Unknown);
        }

        return revoked;
    }

    public async ValueTask<int?> RevokeAllAsync()
    {
        if (GetSession() is not { } current)
        {
            return null;
        }

        var revoked = await _services.Manager.RevokeAllAsync(current, NotCancelled).ConfigureAwait(false);
        SetEnded(SessionRejection.Revoked);
        return revoked;
    }

    /// <summary>The session that was adopted is no more. A session of our own cookie is none of whoever says so.</summary>
    public void EndAccepted()
    {
        _candidate = null;
        if (_source == CredentialSource.Ticket)
        {
            SetEnded(SessionRejection.Revoked);
        }
    }

    /// <summary>
    /// There is no session from here on. The browser's cookie goes with one that this request has ended; where another did, a cookie may have been set beside it meanwhile.
    /// </summary>
    private void SetEnded(SessionRejection reason)
    {
        _result = SessionAuthResult.Reject(reason);
        if (_source == CredentialSource.Cookie)
        {
            (_newCookie, _deletesCookie) = (null, reason == SessionRejection.Revoked || CanDeleteCookie(_context.Request));
        }
    }

    /// <summary>Everything that must be so before the store is asked to begin a session whose cookie this response sets.</summary>
    private void ThrowIfCookieCannotBeSet()
    {
        if (_context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "The response has started, so the session's cookie can no longer be set. Do this before anything is written."
            );
        }

        if (_services.CrossOrigin.IsForeign(_context))
        {
            throw new CrossOriginSessionException();
        }
    }

    /// <summary>The token that the client holds.</summary>
    private SessionToken? GetReplacedToken() =>
        _newCookie is { } issued ? issued.Token
        : _services.ReadToken(_context.Request, out var shown, out _) == SessionRejection.None ? shown
        : null;

    private SessionInit CompleteInit(SessionInit init, SessionToken? replacedToken) =>
        init with
        {
            Client = init.Client ?? _services.Client.Read(_context),
            ReplacedToken = init.ReplacedToken ?? replacedToken,
        };

    private Session SetCookie(IssuedSession issued)
    {
        SetIssued(issued);
        (_newCookie, _token, _source, _deletesCookie) = ((issued.Session, issued.Token), issued.Token, CredentialSource.Cookie, false);
        return issued.Session;
    }

    private void SetIssued(IssuedSession issued)
    {
        (_result, _wasAccepted, _isSessionDependent, _isUseRecorded, _isCached) = (
            SessionAuthResult.Accept(issued.Session),
            true,
            true,
            true,
            false
        );
        _user = null;
        ServerCaches.ForbidStorage(_context);
    }
}
