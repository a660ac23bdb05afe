using Sessions.Diagnostics;

namespace Sessions;

/// <content>Rotation: a new secret for the same session.</content>
public sealed partial class SessionAuthenticator
{
    /// <summary>
    /// Gives the session a new secret now. The old one stays good until the client has shown the new one, and <see cref="SessionUpOptions.RotationGrace"/> longer.
    /// </summary>
    /// <param name="session">The session of the accepted result for <paramref name="token"/>.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What the client must be given; null: another request was faster, or the session is gone. Then nothing was changed.</returns>
    public async ValueTask<SessionToken?> RotateAsync(Session session, SessionToken token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Credential.ConfirmedAt is not null && token.SecretHash != session.Credential.Secret)
        {
            // This request was on its way while the client already showed the new secret. To replace that one here would make its owner look like a thief.
            return null;
        }

        var next = token.Rotate(_options.RandomFill);
        var rotation = new SecretRotation
        {
            Expected = session.Credential.Secret,
            Next = next.SecretHash,
            Previous = token.SecretHash,
            At = _components.Time.Now(),
        };
        return await RotateAsync(session.Id, new SessionPatch { Rotation = rotation }, cancellationToken).ConfigureAwait(false) is not null
            ? next
            : null;
    }

    /// <summary>
    /// The user has authenticated again: both clocks of the session start anew, and it gets a new secret without any grace for the old one.
    /// </summary>
    /// <param name="session">The session of the accepted result for <paramref name="token"/>.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="method">How the user authenticated; RFC 8176 lists common names.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The session and what the client must be given; null: the secret was changed meanwhile, or the session is gone. Then nothing was changed.</returns>
    public async ValueTask<IssuedSession?> ReauthenticateAsync(
        Session session,
        SessionToken token,
        string? method = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = _components.Time.Now();
        var begun = session.AuthenticatedAt is { } at && at > session.CreatedAt ? at : session.CreatedAt;
        var endsAt = now + (session.EndsAt - begun);
        var next = token.Rotate(_options.RandomFill);
        var patch = new SessionPatch
        {
            Rotation = new SecretRotation
            {
                Expected = session.Credential.Secret,
                Next = next.SecretHash,
                At = now,
            },
            Reauthentication = new Reauthentication
            {
                At = now,
                Method = method,
                ExpiresAt = SessionComponents.ComputeExpiry(now, session.IdleTimeout, endsAt),
                EndsAt = endsAt,
            },
        };
        return await RotateAsync(session.Id, patch, cancellationToken).ConfigureAwait(false) is { } changed
            ? new IssuedSession { Session = changed, Token = next }
            : null;
    }

    /// <summary>Changes values and moves the end, where another protocol decides how long a session lasts and when its user authenticated.</summary>
    /// <param name="session">The session of an accepted result.</param>
    /// <param name="values">What changes.</param>
    /// <param name="authenticatedAt">When the user authenticated again; null: the user did not.</param>
    /// <param name="endsAt">The new end.</param>
    /// <param name="slide">Whether this is a use of the session, which its idle time counts from.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    internal ValueTask<SessionUpdate> RenewAsync(
        Session session,
        ValuesPatch values,
        DateTimeOffset? authenticatedAt,
        DateTimeOffset endsAt,
        bool slide,
        CancellationToken cancellationToken
    )
    {
        var begun = authenticatedAt ?? session.AuthenticatedAt ?? session.CreatedAt;
        var end = _components.CapEnd(endsAt, begun);
        var usedAt = slide ? _components.Time.Now() : session.LastSeenAt;
        var expiresAt = SessionComponents.ComputeExpiry(usedAt, session.IdleTimeout, end);
        var patch = new SessionPatch
        {
            Values = values,
            MaxValuesBytes = _options.MaxValuesBytes,
            Reauthentication = new Reauthentication
            {
                At = begun,
                Method = session.AuthenticationMethod,
                ExpiresAt = expiresAt,
                EndsAt = end,
            },
        };
        return _components.Store.UpdateAsync(session.Id, patch, cancellationToken);
    }

    /// <summary>Whether it is time for a new secret.</summary>
    internal bool IsRotationDue(SessionAuthResult result)
    {
        if (result.Session is not { Credential: var credential } session)
        {
            return false;
        }

        var age = _components.Time.GetUtcNow() - (credential.RotatedAt ?? session.CreatedAt);
        return result.Match switch
        {
            SecretMatch.Current or SecretMatch.Unconfirmed => age >= _options.RotateAfter,

            // The response with the new secret may be lost: another is issued, at most once in a grace.
            SecretMatch.Previous => _options.RotateAfter is not null && credential.ConfirmedAt is null && age > _options.RotationGrace,
            _ => false,
        };
    }

    /// <summary>Rotates when it is time to, and never fails: a rotation that does not succeed is tried again with a later request.</summary>
    internal async ValueTask<SessionToken?> RotateIfDueAsync(
        SessionAuthResult result,
        SessionToken token,
        CancellationToken cancellationToken
    )
    {
        if (result.Session is not { } session || !IsRotationDue(result))
        {
            return null;
        }

        try
        {
            return await RotateAsync(session, token, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e)
        {
            SessionLog.RotationFailed(_components.Log, session.Id, e);
            return null;
        }
    }

    private async ValueTask<Session?> RotateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        var update = await _components.Store.UpdateAsync(id, patch, cancellationToken).ConfigureAwait(false);
        if (update is not { Outcome: SessionUpdateOutcome.Applied, Session: { } session })
        {
            return null;
        }

        await _components.Events.RaiseRotatedAsync(session).ConfigureAwait(false);
        return session;
    }
}
