using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>Tells the application, the log and the metrics of one name what happened.</summary>
internal sealed class SessionEventDispatcher(string name, SessionEvents events, ILogger log, SessionMetrics? metrics)
{
    public ValueTask RaiseCreatedAsync(Session session)
    {
        SessionLog.Created(log, session.Id);
        metrics?.RecordCreated();
        return RaiseAsync(events.OnCreated, new SessionCreatedContext(name, session));
    }

    public ValueTask RaiseTokenRejectedAsync(SessionId id, SessionRejection reason, ClientInfo? client)
    {
        SessionLog.TokenRejected(log, id, reason);
        return RaiseAsync(events.OnTokenRejected, new TokenRejectedContext(name, id, reason, client));
    }

    public async ValueTask RaiseEndedAsync(IEnumerable<Session> sessions, SessionEndReason reason, SessionId? actor = null)
    {
        foreach (var session in sessions)
        {
            await RaiseEndedAsync(session, reason, actor).ConfigureAwait(false);
        }
    }

    public ValueTask RaiseEndedAsync(Session session, SessionEndReason reason, SessionId? actor = null)
    {
        SessionLog.Ended(log, session.Id, reason);
        metrics?.RecordEnded(reason);
        return RaiseAsync(events.OnEnded, new SessionEndedContext(name, session, reason, actor));
    }

    public ValueTask RaiseRotatedAsync(Session session)
    {
        SessionLog.Rotated(log, session.Id);
        return RaiseAsync(events.OnRotated, new SessionRotatedContext(name, session));
    }

    public ValueTask RaiseReuseDetectedAsync(Session session, ClientInfo? client)
    {
        SessionLog.ReuseDetected(log, session.Id);
        return RaiseAsync(events.OnReuseDetected, new SessionReuseDetectedContext(name, session, client));
    }

    public ValueTask RaiseClientChangedAsync(Session session, ClientInfo client)
    {
        SessionLog.ClientChanged(log, session.Id);
        return RaiseAsync(events.OnClientChanged, new SessionClientChangedContext(name, session, client));
    }

    /// <summary>Returns at once: a store that reads may be inside a transaction, which no handler may hold up.</summary>
    public void RaiseCorruptRecord(string record, Exception? exception)
    {
        SessionLog.CorruptRecord(log, record, exception);
        if (events.OnCorruptRecord is { } handlers)
        {
            _ = Task.Run(() => RaiseAsync(handlers, new CorruptRecordContext(name, record, exception)).AsTask());
        }
    }

    private async ValueTask RaiseAsync<T>(Func<T, ValueTask>? handlers, T context)
        where T : class
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                await handler(context).ConfigureAwait(false);
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
