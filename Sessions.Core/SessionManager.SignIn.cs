namespace Sessions;

/// <content>How sessions of users and visitors begin, and how one becomes the other.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Signs a user in: a session with a fresh id and a fresh secret each time. The session of <see cref="SessionInit.ReplacedToken"/> ends first, so that a token planted before
    /// the sign-in opens nothing after it (OWASP Session Management: renew the session on any change of privilege). If it is a visitor's, its values come along.
    /// </summary>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was changed.</exception>
    /// <exception cref="SessionLimitException">
    /// The user has as many sessions as the limit allows, and the policy is to refuse another. The replaced session has ended all the same.
    /// </exception>
    public async ValueTask<IssuedSession> InitAsync(string userKey, SessionInit? init = null, CancellationToken cancellationToken = default)
    {
        SessionText.CheckUserKey(userKey);
        init ??= new SessionInit();
        ThrowIfTooLarge(init.Values);
        var replaced = await FindReplacedAsync(init, cancellationToken).ConfigureAwait(false);
        var reason = SessionEndReason.Replaced;
        if (replaced is { UserKey: null })
        {
            reason = SessionEndReason.SignedIn;
            init = init with { Values = GetVisitorValues(replaced, init).With(init.Values) };
        }

        var issued = await CreateAsync(userKey, init, replaced, reason, cancellationToken).ConfigureAwait(false);
        if (init.Exclusive)
        {
            await RevokeOtherAsync(issued.Session, cancellationToken).ConfigureAwait(false);
        }

        return issued;
    }

    /// <summary>Begins a visitor's session, which lives for <see cref="SessionUpOptions.VisitorLifetime"/> unless <paramref name="init"/> says otherwise.</summary>
    /// <exception cref="ArgumentException">The lifetime or the values are not what can be stored. Nothing was changed.</exception>
    public async ValueTask<IssuedSession> StartVisitorAsync(SessionInit? init = null, CancellationToken cancellationToken = default)
    {
        init ??= new SessionInit();
        ThrowIfTooLarge(init.Values);
        var replaced = await FindReplacedAsync(init, cancellationToken).ConfigureAwait(false);
        return await CreateAsync(userKey: null, init, replaced, SessionEndReason.Replaced, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a session of a user, who is a visitor from then on.</summary>
    /// <param name="current">The session to end.</param>
    /// <param name="keepValues">Whether the visitor keeps its values.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The visitor's session, if there are values to keep; null: nothing is stored for the visitor.</returns>
    public async ValueTask<IssuedSession?> LogOutAsync(Session current, bool keepValues, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        var ended = await Components.EndAsync(current.Id, SessionEndReason.SignedOut, current.Id, cancellationToken).ConfigureAwait(false);
        return keepValues && ended is { Values.Count: > 0 }
            ? await StartVisitorAsync(new SessionInit { Values = ended.Values, Client = current.LastClient }, cancellationToken)
                .ConfigureAwait(false)
            : null;
    }

    private async ValueTask<IssuedSession> CreateAsync(
        string? userKey,
        SessionInit init,
        Session? replaced,
        SessionEndReason replacedReason,
        CancellationToken cancellationToken
    )
    {
        var token = SessionToken.Create(userKey, _options.ShardKey, _options.RandomFill);
        var session = BuildSession(userKey, token, init);

        // Ended first: whatever happens next, the browser's old session is not left behind.
        if (replaced is not null)
        {
            await Components.EndAsync(replaced.Id, replacedReason, actor: null, cancellationToken).ConfigureAwait(false);
        }

        var evicted = await _store.CreateAsync(session, Components.Limit, cancellationToken).ConfigureAwait(false);
        await _events.RaiseCreatedAsync(session).ConfigureAwait(false);
        await _events.RaiseEndedAsync(evicted, SessionEndReason.Limit, session.Id).ConfigureAwait(false);
        return new IssuedSession
        {
            Session = session,
            Token = token,
            Evicted = evicted,
        };
    }

    private Session BuildSession(string? userKey, SessionToken token, SessionInit init)
    {
        var lifetime = init.Lifetime ?? (userKey is null ? _options.VisitorLifetime : _options.Lifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(init));
        ThrowIfTooLarge(init.Values);

        var now = Components.Time.Now();
        var requestedEnd = now + (lifetime ?? SessionUpOptions.DefaultLifetime);
        var endsAt = userKey is null ? requestedEnd : Components.CapEnd(requestedEnd, now);
        return new Session
        {
            Id = token.Id,
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = SessionComponents.ComputeExpiry(now, _options.IdleTimeout, endsAt),
            EndsAt = endsAt,
            IdleTimeout = _options.IdleTimeout,
            IsPersistent = init.IsPersistent ?? (userKey is not null && lifetime is not null),
            AuthenticatedAt = userKey is null ? null : init.AuthenticatedAt ?? now,
            AuthenticationMethod = init.AuthenticationMethod,
            Client = init.Client ?? ClientInfo.Unknown,
            LastClient = init.Client ?? ClientInfo.Unknown,
            Values = init.Values,
            Credential = SessionCredential.Create(token),
        };
    }

    /// <summary>
    /// The session that the new one replaces. Ids are public: only a token that matches may end the session it names. Whether the client has changed does not matter to its end.
    /// </summary>
    private async ValueTask<Session?> FindReplacedAsync(SessionInit init, CancellationToken cancellationToken) =>
        init.ReplacedToken is { } token
        && await Components.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false) is { } session
        && Authenticator.IsMatch(session, token)
            ? session
            : null;

    /// <summary>What a visitor brings along, unless told otherwise: nothing from a session that this client could not use itself.</summary>
    private SessionValues GetVisitorValues(Session visitor, SessionInit init) =>
        init.CopyVisitorValues && Authenticator.Evaluate(visitor, init.ReplacedToken!.Value, init.Client).IsAccepted
            ? visitor.Values
            : SessionValues.Empty;
}
