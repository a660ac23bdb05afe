using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.Events;

/// <summary>Tells the application, the log and the metrics of one name what happened.</summary>
internal sealed class SessionEventSource(string name, SessionEvents events, ILogger log, SessionMetrics? metrics)
{
    public ValueTask CreatedAsync(Session session)
    {
        SessionLog.Created(log, session.Id);
        metrics?.Created();
        return RaiseAsync(events.Created, new SessionCreated(name, session));
    }

    public ValueTask RejectedAsync(SessionId id, SessionRejection reason, ClientInfo? client)
    {
        SessionLog.Rejected(log, id, reason);
        return RaiseAsync(events.Rejected, new SessionRejected(name, id, reason, client));
    }

    public async ValueTask EndedAsync(IEnumerable<Session> sessions, SessionEndReason reason, SessionId? actor = null)
    {
        foreach (var session in sessions)
        {
            await EndedAsync(session, reason, actor).ConfigureAwait(false);
        }
    }

    public ValueTask EndedAsync(Session session, SessionEndReason reason, SessionId? actor = null)
    {
        SessionLog.Ended(log, session.Id, reason);
        metrics?.Ended(reason);
        return RaiseAsync(events.Ended, new SessionEnded(name, session, reason, actor));
    }

    public ValueTask RotatedAsync(Session session)
    {
        SessionLog.Rotated(log, session.Id);
        return RaiseAsync(events.Rotated, new SessionRotated(name, session));
    }

    public ValueTask ReuseDetectedAsync(Session session, ClientInfo? client)
    {
        SessionLog.ReuseDetected(log, session.Id);
        return RaiseAsync(events.ReuseDetected, new SessionReuseDetected(name, session, client));
    }

    public ValueTask ClientChangedAsync(Session session, ClientInfo client)
    {
        SessionLog.ClientChanged(log, session.Id);
        return RaiseAsync(events.ClientChanged, new SessionClientChanged(name, session, client));
    }

    /// <summary>Returns at once: a store that reads may be inside a transaction, which no handler may hold up.</summary>
    public void Unreadable(string record, Exception? exception)
    {
        SessionLog.Unreadable(log, record, exception);
        if (events.Unreadable is { } handlers)
        {
            _ = Task.Run(() => RaiseAsync(handlers, new SessionUnreadable(name, record, exception)).AsTask());
        }
    }

    private async ValueTask RaiseAsync<T>(Func<T, ValueTask>? handlers, T e)
        where T : class
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                await handler(e).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // What an application does with an event must not decide over a request.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                SessionLog.HandlerFailed(log, typeof(T).Name, exception);
            }
        }
    }
}
