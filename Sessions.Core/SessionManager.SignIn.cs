namespace Sessions;

/// <content>How sessions of users and visitors begin, and how one becomes the other.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Signs a user in: a session with a fresh id and a fresh secret each time. It is stored first: a sign-in that fails changes nothing,
    /// and the client goes on with what it held. The session of <see cref="SessionInit.ReplacedToken"/> ends with it, so that a token
    /// planted before the sign-in opens nothing after it (OWASP Session Management: renew the session on any change of privilege): in the
    /// same step if it is the user's, otherwise right after it. Its values come along if it is a visitor's or the same user's, unless
    /// <see cref="SessionInit.CopyValues"/> is false.
    /// </summary>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was
    /// changed.</exception>
    /// <exception cref="ClientBindingException">The binding would refuse this client with every request.</exception>
    /// <exception cref="SessionLimitException">
    /// The user has as many sessions as the limit allows, and the policy is to refuse another. Nothing was changed. The replaced session
    /// does not count.
    /// </exception>
    public async ValueTask<IssuedSession> InitAsync(string userKey, SessionInit? init = null, CancellationToken cancellationToken = default)
    {
        SessionText.CheckUserKey(userKey);
        init ??= new SessionInit();
        ThrowIfTooLarge(init.Values, _options.MaxValuesBytes);
        ThrowIfNotBindable(init);
        var replaced = await FindReplacedAsync(init, cancellationToken).ConfigureAwait(false);
        init = init with { Values = GetCopiedValues(userKey, replaced, init).With(init.Values) };
        ThrowIfTooLarge(init.Values, _options.MaxValuesBytes);
        return await CreateAsync(userKey, init, replaced, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Begins a visitor's session, which lives for <see cref="SessionUpOptions.VisitorLifetime"/> unless <paramref name="init"/> says
    /// otherwise.
    /// </summary>
    /// <exception cref="ArgumentException">The lifetime or the values are not what can be stored. Nothing was changed.</exception>
    /// <exception cref="ClientBindingException">The binding would refuse this client with every request.</exception>
    public async ValueTask<IssuedSession> StartVisitorAsync(SessionInit? init = null, CancellationToken cancellationToken = default)
    {
        init ??= new SessionInit();
        ThrowIfTooLarge(init.Values, GetMaxValuesBytes(userKey: null));
        ThrowIfNotBindable(init);
        var replaced = await FindReplacedAsync(init, cancellationToken).ConfigureAwait(false);
        return await CreateAsync(userKey: null, init, replaced, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a session of a user, who is a visitor from then on. Does nothing to a visitor.</summary>
    /// <param name="current">The session to end.</param>
    /// <param name="keepValues">
    /// Whether the visitor keeps its values, all of them. The visitor's session is stored first: where that fails, nothing has changed.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The visitor's session, if there are values to keep; null: nothing is stored for the visitor.</returns>
    public async ValueTask<IssuedSession?> LogOutAsync(Session current, bool keepValues, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current.UserKey is null)
        {
            return null;
        }

        var visitor = keepValues ? await KeepValuesAsync(current, cancellationToken).ConfigureAwait(false) : null;
        await Components.EndAsync(current.Id, SessionEndReason.SignedOut, current.Id, cancellationToken).ConfigureAwait(false);
        return visitor;
    }

    private async ValueTask<IssuedSession?> KeepValuesAsync(Session current, CancellationToken cancellationToken) =>
        (await Components.FetchAsync(current.Id, cancellationToken).ConfigureAwait(false)).Session is { Values: { Count: > 0 } values }
            ? await CreateAsync(userKey: null, new SessionInit { Values = values, Client = current.LastClient }, [], cancellationToken)
                .ConfigureAwait(false)
            : null;

    /// <summary>Signs a user out who shows a token of any age: if it belongs to a session, that session ends.</summary>
    /// <returns>The session that was ended; null: none was.</returns>
    internal async ValueTask<Session?> SignOutAsync(SessionToken token, CancellationToken cancellationToken) =>
        (await Components.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false)).Session is { } session
        && Authenticator.BelongsTo(session, token)
            ? await Components.EndAsync(session.Id, SessionEndReason.SignedOut, session.Id, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>
    /// The sessions that the new one replaces, the newest first. Ids are public: only a token of the session, current or older, ends it.
    /// Whether the client has changed does not matter to its end.
    /// </summary>
    private async ValueTask<IReadOnlyList<HeldSession>> FindReplacedAsync(SessionInit init, CancellationToken cancellationToken)
    {
        if (init.ReplacedToken is not { } first)
        {
            return [];
        }

        var held = new List<HeldSession>();
        foreach (var token in (IEnumerable<SessionToken>)[first, .. init.OtherReplacedTokens])
        {
            if (
                (await Components.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false)).Session is { } session
                && Authenticator.BelongsTo(session, token)
            )
            {
                held.Add(new(session, token));
            }
        }

        // Two cookies may hold an older and a newer token of one session.
        return
        [
            .. held.OrderByDescending(static other => other.Token.Generation)
                .DistinctBy(static other => other.Session.Id)
                .OrderByDescending(static other => other.Session.CreatedAt),
        ];
    }

    /// <summary>
    /// The values of what the user held before, and over them those of the visitor: not of another user, nor of a session that this client
    /// could not use itself.
    /// </summary>
    private SessionValues GetCopiedValues(string userKey, IReadOnlyList<HeldSession> held, SessionInit init)
    {
        if (!init.CopyValues)
        {
            return SessionValues.Empty;
        }

        var usable = held.Where(other => Authenticator.Evaluate(other.Session, other.Token, init.Client).IsAccepted).ToList();
        var ofUser = usable.Find(other => other.IsOf(userKey))?.Session.Values ?? SessionValues.Empty;
        var ofVisitor = usable.Find(static other => other.IsOf(null))?.Session.Values ?? SessionValues.Empty;
        return ofUser.With(ofVisitor);
    }

    /// <summary>A session that the client held until now, with the token that it showed.</summary>
    private sealed record HeldSession(Session Session, SessionToken Token)
    {
        public bool IsOf(string? userKey) => string.Equals(Session.UserKey, userKey, StringComparison.Ordinal);
    }
}
