using Sessions.Diagnostics;

namespace Sessions;

/// <content>What follows from a result: the end of a session, and events.</content>
public sealed partial class SessionAuthenticator
{
    /// <summary>
    /// Ends a session whose token was refused, and raises the events of the result. The session ends first, so that no handler can delay
    /// that. Not cancelled with the request: a client that disconnects must not keep a session that has to end.
    /// </summary>
    private async ValueTask<SessionAuthResult> FollowUpAsync(Session? session, SessionAuthResult result, SessionId id, ClientInfo? client)
    {
        var endReason =
            result.Rejection == SessionRejection.Copied ? SessionEndReason.Copied
            : result.Rejection == SessionRejection.ClientChanged && _options.Binding.MismatchAction == ClientBindingMismatchAction.Revoke
                ? SessionEndReason.Binding
            : (SessionEndReason?)null;
        var ended = endReason is null ? null : await EndRejectedAsync(id).ConfigureAwait(false);

        // Of several requests that show the same token, the one that ended the session raises the events.
        var isRaised = endReason is null || ended is not null;
        await _components.Events.RaiseTogetherAsync(nameof(SessionEvents.OnTokenRejected), RaiseAsync).ConfigureAwait(false);
        return result;

        async ValueTask RaiseAsync()
        {
            var events = _components.Events;
            if (ended is not null && endReason == SessionEndReason.Copied)
            {
                await events.RaiseCopyDetectedAsync(ended, client).ConfigureAwait(false);
            }

            if (isRaised && session is not null && (result.HasClientChanged || result.Rejection == SessionRejection.ClientChanged))
            {
                await events.RaiseClientChangedAsync(session, client ?? ClientInfo.Unknown).ConfigureAwait(false);
            }

            if (ended is not null)
            {
                await events.RaiseEndedAsync(ended, endReason!.Value).ConfigureAwait(false);
            }

            if (!result.IsAccepted)
            {
                await events.RaiseTokenRejectedAsync(id, result.Rejection, client).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Raises the event of a refusal that was not decided here: before the store is read, or by the request itself.</summary>
    /// <param name="id">The session that the token names; null: there is no token.</param>
    /// <param name="reason">Why.</param>
    /// <param name="client">The client.</param>
    internal ValueTask RaiseRejectedAsync(SessionId? id, SessionRejection reason, ClientInfo client)
    {
        if (reason == SessionRejection.MalformedToken)
        {
            _components.Metrics?.RecordAuthResult(reason);
        }

        return reason == SessionRejection.NoToken && !_options.Events.ReportsMissingTokens
            ? ValueTask.CompletedTask
            : _components.Events.RaiseTokenRejectedAsync(id, reason, client);
    }

    /// <summary>
    /// Ends a session whose token was refused. A failure is logged: the request stays refused, and the next showing tries again.
    /// </summary>
    private async ValueTask<Session?> EndRejectedAsync(SessionId id)
    {
        try
        {
            return await _components.Store.DeleteAsync(id, SessionMarker.None, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SessionStoreException e)
        {
            SessionLog.RejectedEndingFailed(_components.Log, id, e);
            return null;
        }
    }
}
