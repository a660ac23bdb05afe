using Sessions.Diagnostics;

namespace Sessions;

/// <content>Rotation: a new secret for the same session.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Gives the session a new secret now. The old one stays good until the client has shown the new one, and <see cref="SessionUpOptions.RotationGrace"/> longer.
    /// </summary>
    /// <param name="session">As a verdict on <paramref name="token"/> told it.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What the client must be given; null: somebody else was faster, or the session is gone. Then nothing was changed.</returns>
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
            At = _time.Now(),
        };
        return await RotateAsync(session.Id, new SessionPatch { Rotation = rotation }, cancellationToken).ConfigureAwait(false) is not null
            ? next
            : null;
    }

    /// <summary>
    /// The user has proved again who he is: both clocks of the session start anew, and it gets a new secret without any grace for the old one.
    /// </summary>
    /// <param name="session">As a verdict on <paramref name="token"/> told it.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="method">How he proved it; RFC 8176 lists common names.</param>
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
        var now = _time.Now();
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
                ExpiresAt = ComputeExpiry(now, session.IdleTimeout, endsAt),
                EndsAt = endsAt,
            },
        };
        return await RotateAsync(session.Id, patch, cancellationToken).ConfigureAwait(false) is { } changed
            ? new IssuedSession(changed, next, [])
            : null;
    }

    /// <summary>Whether it is time for a new secret.</summary>
    internal bool IsRotationDue(SessionAuthResult result) =>
        result.Session is { } session && IsRotationDue(session.Credential, session.CreatedAt, result.Match);

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
            SessionLog.RotationFailed(_log, session.Id, e);
            return null;
        }
    }

    private bool IsRotationDue(SessionCredential credential, DateTimeOffset createdAt, SecretMatch match)
    {
        var age = _time.GetUtcNow() - (credential.RotatedAt ?? createdAt);
        return match switch
        {
            SecretMatch.Current or SecretMatch.Unconfirmed => age >= _options.RotateAfter,

            // The response with the new secret may be lost: another is issued, at most once in a grace.
            SecretMatch.Previous => _options.RotateAfter is not null && credential.ConfirmedAt is null && age > _options.RotationGrace,
            _ => false,
        };
    }

    private async ValueTask<Session?> RotateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        var update = await _store.UpdateAsync(id, patch, cancellationToken).ConfigureAwait(false);
        if (update is not { Outcome: SessionUpdateOutcome.Applied, Session: { } session })
        {
            return null;
        }

        await _events.RaiseRotatedAsync(session).ConfigureAwait(false);
        return session;
    }
}
