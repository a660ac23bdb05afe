namespace Sessions;

/// <content>Visitors: sessions of somebody not yet known.</content>
public sealed partial class SessionManager
{
    /// <summary>Begins a visitor's session, which lives for <see cref="SessionUpOptions.VisitorLifetime"/> unless <paramref name="init"/> says otherwise.</summary>
    /// <exception cref="ArgumentException">The lifetime or the values are not what can be stored. Nothing was changed.</exception>
    public ValueTask<IssuedSession> StartVisitorAsync(SessionInit? init = null, CancellationToken cancellationToken = default) =>
        CreateAsync(userKey: null, init ?? new SessionInit(), current: null, SessionEndReason.Replaced, cancellationToken);

    /// <summary>
    /// Signs in whoever holds <paramref name="current"/>: he gets a new session with the visitor's values, and the old one ends at once, so that a token planted
    /// before the sign-in opens nothing after it (OWASP Session Management: renew the session on any change of privilege).
    /// </summary>
    /// <param name="userKey">Whose session it will be.</param>
    /// <param name="current">The session of the browser; null: it has none.</param>
    /// <param name="init">What the session begins with; its values win over the visitor's.</param>
    /// <param name="exclusive">Whether all other sessions of the user end.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<IssuedSession> LogInAsync(
        string userKey,
        Session? current,
        SessionInit? init = null,
        bool exclusive = false,
        CancellationToken cancellationToken = default
    )
    {
        init ??= new SessionInit();
        if (current is { UserKey: null })
        {
            init = init with { Values = current.Values.With(init.Values) };
        }

        var reason = current is { UserKey: null } ? SessionEndReason.SignedIn : SessionEndReason.Replaced;
        var issued = await CreateAsync(SessionText.CheckUserKey(userKey), init, current, reason, cancellationToken).ConfigureAwait(false);
        if (exclusive)
        {
            await RevokeOtherAsync(issued.Session, cancellationToken).ConfigureAwait(false);
        }

        return issued;
    }

    /// <summary>Ends a session of a user, who is a visitor from then on.</summary>
    /// <param name="current">The session to end.</param>
    /// <param name="keepValues">Whether the visitor keeps its values.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The visitor's session, if there are values to keep; null: nothing is stored for him.</returns>
    public async ValueTask<IssuedSession?> LogOutAsync(Session current, bool keepValues, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        var ended = await EndAsync(current.Id, SessionEndReason.SignedOut, current.Id, cancellationToken).ConfigureAwait(false);
        return keepValues && ended is { Values.Count: > 0 }
            ? await StartVisitorAsync(new SessionInit { Values = ended.Values, Client = current.LastClient }, cancellationToken)
                .ConfigureAwait(false)
            : null;
    }
}
