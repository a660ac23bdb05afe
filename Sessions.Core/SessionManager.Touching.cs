using Sessions.Diagnostics;

namespace Sessions;

/// <content>Keeping sessions alive.</content>
public sealed partial class SessionManager
{
    /// <summary>Writes down now what waits to be: the last use of sessions.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _lastSeenWriter.FlushAsync(cancellationToken);

    /// <summary>Writes down what is still waiting to be. The container does it when the host stops, after the last request.</summary>
    public async ValueTask DisposeAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <summary>Gives up what is still waiting to be written; <see cref="DisposeAsync"/> writes it.</summary>
    public void Dispose()
    {
        _subscription?.Dispose();
        _lastSeenWriter.Dispose();
    }

    /// <summary>
    /// Follows an accepted verdict: confirms a new secret, and writes down the use of the session unless it is not to slide. Never fails.
    /// </summary>
    /// <param name="result">An accepted one.</param>
    /// <param name="client">Who called; null: it is not recorded.</param>
    /// <param name="slide">Whether this use keeps the session alive.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask RecordUseAsync(
        SessionAuthResult result,
        ClientInfo? client,
        bool slide,
        CancellationToken cancellationToken = default
    )
    {
        if (result.Session is not { } session)
        {
            return;
        }

        if (result.Match == SecretMatch.Unconfirmed)
        {
            await ConfirmAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (slide)
        {
            await TouchAsync(session, client, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether <see cref="RecordUseAsync"/> has anything to do; most requests leave nothing to write.</summary>
    internal bool NeedsRecording(SessionAuthResult result, bool slide) =>
        result.Match == SecretMatch.Unconfirmed || (slide && result.Session is { } session && IsTouchDue(session, _time.GetUtcNow()));

    private bool IsTouchDue(Session session, DateTimeOffset now)
    {
        var interval = session.IdleTimeout is { } idle && idle / 10 < _options.TouchInterval ? idle / 10 : _options.TouchInterval;
        if (now - session.LastSeenAt < interval)
        {
            return false;
        }

        // Until it is written the store tells everybody the old instant, and a busy session would be seen again with every request.
        return IsNearExpiry(session, now) || !_lastSeenWriter.HasPending(session.Id, now - interval);
    }

    /// <summary>So little idle time is left that the write must not be lost with this process.</summary>
    private static bool IsNearExpiry(Session session, DateTimeOffset now) => session.ExpiresAt - now < session.IdleTimeout / 4;

    private async ValueTask ConfirmAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var confirmation = new SecretConfirmation { Secret = session.Credential.Secret, At = _time.Now() };
            await _store.UpdateAsync(session.Id, new SessionPatch { Confirmation = confirmation }, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e)
        {
            SessionLog.ConfirmationFailed(_log, session.Id, e);
        }
    }

    private async ValueTask TouchAsync(Session session, ClientInfo? client, CancellationToken cancellationToken)
    {
        var now = _time.Now();
        if (!IsTouchDue(session, now))
        {
            return;
        }

        var changed = client is not null && client != session.LastClient ? client : null;
        _lastSeenWriter.Add(
            new SessionTouch
            {
                Id = session.Id,
                LastSeenAt = now,
                ExpiresAt = ComputeExpiry(now, session.IdleTimeout, session.EndsAt),
            },
            changed
        );

        if (IsNearExpiry(session, now))
        {
            await _lastSeenWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
