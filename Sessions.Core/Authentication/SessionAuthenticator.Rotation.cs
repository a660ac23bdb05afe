using Sessions.Diagnostics;

namespace Sessions;

/// <content>Rotation: a new token for the same session.</content>
public sealed partial class SessionAuthenticator
{
    /// <summary>
    /// Gives the session a new token now. The old one stays good until it is certain that the client has the new one, and
    /// <see cref="SessionUpOptions.RotationGrace"/> longer.
    /// </summary>
    /// <param name="result">The accepted result for <paramref name="token"/>.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// What the client must be given: a new token; or, if another request has just made one that no client has shown yet, that one. Null:
    /// there is nothing to do, since it is not yet certain that the client has the token of the last rotation; or another request was
    /// faster, or the session is gone. Then nothing was changed.
    /// </returns>
    public async ValueTask<SessionToken?> RotateAsync(
        SessionAuthResult result,
        SessionToken token,
        CancellationToken cancellationToken = default
    )
    {
        var session = GetAccepted(result);
        if (result.Standing == TokenStanding.Previous)
        {
            return session.Credential is { RotationKind: RotationKind.Rotation, DeliveredAt: null }
                ? (await ReissueAsync(session, token, cancellationToken).ConfigureAwait(false))?.Token
                : null;
        }

        return RotationRules.CanRotate(session.Credential)
            ? (await ReplaceAsync(session, token, RotationKind.Rotation, null, cancellationToken).ConfigureAwait(false))?.Token
            : null;
    }

    /// <summary>
    /// The user has authenticated again: both clocks of the session start anew, and it gets a new token. What the proof allows belongs to
    /// the new token only; the old one stays good for a while, with what it allowed before.
    /// </summary>
    /// <param name="result">The accepted result for <paramref name="token"/>.</param>
    /// <param name="token">What the client holds.</param>
    /// <param name="method">How the user authenticated; RFC 8176 lists common names.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The session and what the client must be given, which is the token that it showed where that one is too young to be replaced; null:
    /// the client must try again, since it showed an old token, or one that it has only just been given, or another request was faster; or
    /// the session is gone. Then nothing was changed.
    /// </returns>
    public ValueTask<IssuedSession?> ReauthenticateAsync(
        SessionAuthResult result,
        SessionToken token,
        string? method = null,
        CancellationToken cancellationToken = default
    )
    {
        var session = GetAccepted(result);
        if (result.Standing == TokenStanding.Previous)
        {
            return session.Credential is { RotationKind: RotationKind.Reauthentication }
                ? ReissueAsync(session, token, cancellationToken)
                : new((IssuedSession?)null);
        }

        var proof = CreateProof(session, method);
        return RotationRules.CanRotate(session.Credential)
                ? ReplaceAsync(session, token, RotationKind.Reauthentication, proof, cancellationToken)
            : result.IsFirstShowing ? new((IssuedSession?)null)
            : RecordProofAsync(session, token, proof, cancellationToken);
    }

    /// <summary>
    /// Changes values and moves the end, where another protocol decides how long a session lasts and when its user authenticated.
    /// </summary>
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
        var end = _components.Lifetimes.CapEnd(session.UserKey, endsAt, begun);
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

    /// <summary>
    /// Whether the response to a request should carry a token: a new one, or once more the one that its browser seems not to have got.
    /// </summary>
    internal bool IsCookieDue(SessionAuthResult result)
    {
        if (result.Session is not { } session)
        {
            return false;
        }

        var now = _components.Time.GetUtcNow();
        return result.Standing == TokenStanding.Previous
            ? _rules.IsReissueDue(session.Credential, now)
            : _rules.IsRotationDue(session, now);
    }

    /// <summary>
    /// The token that the response should carry; null: none. Never fails: what does not succeed is made good by a later request.
    /// </summary>
    internal async ValueTask<SessionToken?> RenewTokenAsync(
        SessionAuthResult result,
        SessionToken token,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var issued =
                result.Standing == TokenStanding.Previous
                    ? await ReissueIfDueAsync(token, cancellationToken).ConfigureAwait(false)
                    : await ReplaceAsync(result.Session!, token, RotationKind.Rotation, null, cancellationToken).ConfigureAwait(false);
            return issued?.Token;
        }
        catch (SessionStoreException e)
        {
            SessionLog.RotationFailed(_components.Log, token.Id, e);
            return null;
        }
    }

    private static Session GetAccepted(SessionAuthResult result) =>
        result.Session ?? throw new ArgumentException("The result was not accepted, so there is no session.", nameof(result));

    private Reauthentication CreateProof(Session session, string? method)
    {
        var now = _components.Time.Now();
        var endsAt = _components.Lifetimes.GetEndAfterProof(session, now);
        return new()
        {
            At = now,
            Method = method,
            ExpiresAt = SessionComponents.ComputeExpiry(now, session.IdleTimeout, endsAt),
            EndsAt = endsAt,
        };
    }

    private async ValueTask<IssuedSession?> ReplaceAsync(
        Session session,
        SessionToken shown,
        RotationKind kind,
        Reauthentication? proof,
        CancellationToken cancellationToken
    )
    {
        var salt = CredentialSalt.Create(_options.RandomFill);
        var credential = _rules.Rotate(session, shown, salt, kind, _components.Time.Now(), out var next);
        if (await ChangeAsync(session, credential, proof, cancellationToken).ConfigureAwait(false) is not { } changed)
        {
            return null;
        }

        await _components.Events.RaiseRotatedAsync(changed).ConfigureAwait(false);
        return new() { Session = changed, Token = next };
    }

    private async ValueTask<IssuedSession?> RecordProofAsync(
        Session session,
        SessionToken shown,
        Reauthentication proof,
        CancellationToken cancellationToken
    ) =>
        await ChangeAsync(session, RotationRules.RecordProof(session), proof, cancellationToken).ConfigureAwait(false) is { } changed
            ? new() { Session = changed, Token = shown }
            : null;

    /// <summary>
    /// Gives the current token again to a client that showed the previous one, by what is stored now and not by what was read when the
    /// request began.
    /// </summary>
    private async ValueTask<IssuedSession?> ReissueIfDueAsync(SessionToken previous, CancellationToken cancellationToken) =>
        await _components.FetchAsync(previous.Id, cancellationToken).ConfigureAwait(false) is { Session: { } stored }
        && _components.Time.GetUtcNow() is var now
        && _rules.Evaluate(stored.Credential, previous, now) == TokenStanding.Previous
        && _rules.IsReissueDue(stored.Credential, now)
            ? await ReissueAsync(stored, previous, cancellationToken).ConfigureAwait(false)
            : null;

    private async ValueTask<IssuedSession?> ReissueAsync(Session session, SessionToken previous, CancellationToken cancellationToken)
    {
        // The salt is erased when the current token is confirmed.
        if (session.Credential.Salt is not { } salt)
        {
            return null;
        }

        var current = previous.Derive(salt);
        return
            current.Hash == session.Credential.Current
            && await ChangeAsync(session, RotationRules.Reissue(session.Credential), null, cancellationToken).ConfigureAwait(false)
                is { } changed
            ? new() { Session = changed, Token = current }
            : null;
    }

    /// <summary>Writes a credential if the stored one is still that of the session as it was read.</summary>
    private async ValueTask<Session?> ChangeAsync(
        Session session,
        SessionCredential next,
        Reauthentication? proof,
        CancellationToken cancellationToken
    )
    {
        var patch = new SessionPatch
        {
            Credential = new() { Expected = session.Credential, Next = next },
            Reauthentication = proof,
        };
        var update = await _components.Store.UpdateAsync(session.Id, patch, cancellationToken).ConfigureAwait(false);
        return update.Outcome == SessionUpdateOutcome.Applied ? update.Session : null;
    }
}
