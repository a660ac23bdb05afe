using Sessions.Diagnostics;

namespace Sessions;

/// <content>The last use of sessions.</content>
public sealed partial class SessionAuthenticator
{
    /// <summary>Writes the last use of sessions that is still queued now.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _components.LastSeenWriter.FlushAsync(cancellationToken);

    /// <summary>
    /// Follows up on an accepted result: records what the use of a new token proves, and the use of the session unless it is not to slide.
    /// Never fails.
    /// </summary>
    /// <param name="result">An accepted one.</param>
    /// <param name="client">The client; null: it is not recorded.</param>
    /// <param name="slide">Whether this use moves the expiry of the session on.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The result with the session as it is stored now.</returns>
    public async ValueTask<SessionAuthResult> RecordUseAsync(
        SessionAuthResult result,
        ClientInfo? client,
        bool slide,
        CancellationToken cancellationToken = default
    )
    {
        if (result.Session is not { } session)
        {
            return result;
        }

        if (IsShowingRecordable(result, out var credential))
        {
            result = await RecordShowingAsync(result, credential, cancellationToken).ConfigureAwait(false);
        }

        if (slide)
        {
            await TouchAsync(session, client, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Whether <see cref="RecordUseAsync"/> has anything to do; most requests leave nothing to write.</summary>
    internal bool NeedsRecording(SessionAuthResult result, bool slide) =>
        IsShowingRecordable(result, out _) || (slide && result.Session is { } session && IsTouchDue(session, _components.Time.GetUtcNow()));

    private bool IsShowingRecordable(SessionAuthResult result, out SessionCredential next)
    {
        next = default;
        if (result is not { Standing: TokenStanding.Current, Session: { Credential: { RotatedAt: not null, ConfirmedAt: null } } session })
        {
            return false;
        }

        var isOwn = session.Credential.DeliveredAt is { } deliveredAt && _deliveries.Contains(session.Id, deliveredAt);
        next = RotationRules.RecordShowing(
            session.Credential,
            _components.Time.Now(),
            isOwn ? RotationRules.FlushTime : RotationRules.ForeignFlushTime
        );
        return next != session.Credential;
    }

    private bool IsTouchDue(Session session, DateTimeOffset now)
    {
        var interval = session.IdleTimeout is { } idle && idle / 10 < _options.TouchInterval ? idle / 10 : _options.TouchInterval;
        if (now - session.LastSeenAt < interval)
        {
            return false;
        }

        // Until it is written the store returns the old instant, and a busy session would be queued again with every request.
        return IsNearExpiry(session, now) || !_components.LastSeenWriter.HasPending(session.Id, now - interval);
    }

    /// <summary>So little idle time is left that the write must not be lost with this process.</summary>
    private static bool IsNearExpiry(Session session, DateTimeOffset now) => session.ExpiresAt - now < session.IdleTimeout / 4;

    private async ValueTask<SessionAuthResult> RecordShowingAsync(
        SessionAuthResult result,
        SessionCredential next,
        CancellationToken cancellationToken
    )
    {
        var session = result.Session!;
        try
        {
            if (await ChangeAsync(session, next, null, cancellationToken).ConfigureAwait(false) is not { } changed)
            {
                return result;
            }

            if (next is { DeliveredAt: { } deliveredAt, ConfirmedAt: null })
            {
                _deliveries.Add(session.Id, deliveredAt);
            }

            return result.WithSession(changed);
        }
        catch (SessionStoreException e)
        {
            SessionLog.ConfirmationFailed(_components.Log, session.Id, e);
            return result;
        }
    }

    private async ValueTask TouchAsync(Session session, ClientInfo? client, CancellationToken cancellationToken)
    {
        var now = _components.Time.Now();
        if (!IsTouchDue(session, now))
        {
            return;
        }

        var changed = client is not null && client != session.LastClient ? client : null;
        _components.LastSeenWriter.Add(
            new SessionTouch
            {
                Id = session.Id,
                LastSeenAt = now,
                ExpiresAt = SessionComponents.ComputeExpiry(now, session.IdleTimeout, session.EndsAt),
            },
            changed
        );

        if (IsNearExpiry(session, now))
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
