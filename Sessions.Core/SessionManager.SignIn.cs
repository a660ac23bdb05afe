namespace Sessions;

/// <content>How sessions of users and visitors begin, and how one becomes the other.</content>
public sealed partial class SessionManager
{
    /// <summary>The new session is the only one of its user and kind.</summary>
    private static readonly SessionLimit s_exclusiveLimit = new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed };

    /// <summary>
    /// Signs a user in: a session with a fresh id and a fresh secret each time. It is stored first: a sign-in that fails changes nothing,
    /// and the client goes on with what it held. The session of <see cref="SessionInit.ReplacedToken"/> ends with it, so that a token
    /// planted before the sign-in opens nothing after it (OWASP Session Management: renew the session on any change of privilege): in the
    /// same step if it is the user's, otherwise right after it. If it is a visitor's, its values come along.
    /// </summary>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was
    /// changed.</exception>
    /// <exception cref="SessionLimitException">
    /// The user has as many sessions as the limit allows, and the policy is to refuse another. Nothing was changed. The replaced session
    /// does not count.
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

        return await CreateAsync(userKey, init, replaced, reason, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Begins a visitor's session, which lives for <see cref="SessionUpOptions.VisitorLifetime"/> unless <paramref name="init"/> says
    /// otherwise.
    /// </summary>
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

        // The store ends the session in its step if it is of the same user. Read now and ended then is no race: a session never changes its
        // owner.
        var isSameUser = userKey is not null && string.Equals(replaced?.UserKey, userKey, StringComparison.Ordinal);
        var limit = init.Exclusive && userKey is not null ? s_exclusiveLimit : Components.GetLimit(session);
        var creation = await _store.CreateAsync(session, limit, isSameUser ? replaced?.Id : null, cancellationToken).ConfigureAwait(false);

        // All that ends has ended before a handler runs.
        var ended = creation.Replaced;
        if (replaced is not null && !isSameUser)
        {
            ended = await Components
                .EndingRetrier.RunAsync(
                    session.Id,
                    () => _store.DeleteAsync(replaced.Id, SessionMarker.Replaced, CancellationToken.None),
                    late => _events.RaiseEndedAsync(late, replacedReason)
                )
                .ConfigureAwait(false);
        }

        await _events.RaiseTogetherAsync(nameof(SessionEvents.OnCreated), RaiseAsync).ConfigureAwait(false);
        return new IssuedSession
        {
            Session = session,
            Token = token,
            Evicted = creation.Evicted,
        };

        async ValueTask RaiseAsync()
        {
            await _events.RaiseCreatedAsync(session).ConfigureAwait(false);
            if (ended is not null)
            {
                await _events.RaiseEndedAsync(ended, replacedReason).ConfigureAwait(false);
            }

            var reason = init.Exclusive ? SessionEndReason.OtherDevice : SessionEndReason.Limit;
            await _events.RaiseEndedAsync(creation.Evicted, reason, session.Id).ConfigureAwait(false);
        }
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
            HasCustomLifetime = init.Lifetime is not null,
            IsPersistent = init.IsPersistent ?? (userKey is not null && lifetime is not null),
            AuthenticatedAt = userKey is null ? null : init.AuthenticatedAt ?? now,
            AuthenticationMethod = init.AuthenticationMethod,
            IsBearer = init.IsBearer,
            Client = init.Client ?? ClientInfo.Unknown,
            LastClient = init.Client ?? ClientInfo.Unknown,
            Values = init.Values,
            Tags = init.Tags,
            Credential = SessionCredential.Create(token),
        };
    }

    /// <summary>Signs a user out who shows a token of any age: if it belongs to a session, that session ends.</summary>
    /// <returns>The session that was ended; null: none was.</returns>
    internal async ValueTask<Session?> SignOutAsync(SessionToken token, CancellationToken cancellationToken) =>
        (await Components.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false)).Session is { } session
        && Authenticator.BelongsTo(session, token)
            ? await Components.EndAsync(session.Id, SessionEndReason.SignedOut, session.Id, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>
    /// The session that the new one replaces. Ids are public: only a token of the session, current or older, ends it. Whether the client
    /// has changed does not matter to its end.
    /// </summary>
    private async ValueTask<Session?> FindReplacedAsync(SessionInit init, CancellationToken cancellationToken) =>
        init.ReplacedToken is { } token
        && (await Components.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false)).Session is { } session
        && Authenticator.BelongsTo(session, token)
            ? session
            : null;

    /// <summary>
    /// The values of a visitor's session, unless the call declines them; none from a session that this client could not use itself.
    /// </summary>
    private SessionValues GetVisitorValues(Session visitor, SessionInit init) =>
        init.CopyVisitorValues && Authenticator.Evaluate(visitor, init.ReplacedToken!.Value, init.Client).IsAccepted
            ? visitor.Values
            : SessionValues.Empty;
}
