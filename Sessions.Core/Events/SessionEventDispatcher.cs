using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>Raises the events of one name to the application, the log and the metrics.</summary>
internal sealed class SessionEventDispatcher(string name, SessionEvents events, ILogger log, SessionMetrics? metrics)
{
    public ValueTask RaiseCreatedAsync(Session session)
    {
        SessionLog.Created(log, session.Id);
        metrics?.RecordCreated();
        return RaiseAsync(nameof(events.OnCreated), events.OnCreated, new SessionCreatedContext { Name = name, Session = session });
    }

    public ValueTask RaiseTokenRejectedAsync(SessionId id, SessionRejection reason, ClientInfo? client)
    {
        SessionLog.TokenRejected(log, id, reason);
        return RaiseAsync(
            nameof(events.OnTokenRejected),
            events.OnTokenRejected,
            new TokenRejectedContext
            {
                Name = name,
                Id = id,
                Reason = reason,
                Client = client,
            }
        );
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
        return RaiseAsync(
            nameof(events.OnEnded),
            events.OnEnded,
            new SessionEndedContext
            {
                Name = name,
                Session = session,
                Reason = reason,
                Actor = actor,
            }
        );
    }

    public ValueTask RaiseRotatedAsync(Session session)
    {
        SessionLog.Rotated(log, session.Id);
        return RaiseAsync(nameof(events.OnRotated), events.OnRotated, new SessionRotatedContext { Name = name, Session = session });
    }

    public ValueTask RaiseReuseDetectedAsync(Session session, ClientInfo? client)
    {
        SessionLog.ReuseDetected(log, session.Id);
        return RaiseAsync(
            nameof(events.OnReuseDetected),
            events.OnReuseDetected,
            new SessionReuseDetectedContext
            {
                Name = name,
                Session = session,
                Client = client,
            }
        );
    }

    public ValueTask RaiseClientChangedAsync(Session session, ClientInfo client)
    {
        SessionLog.ClientChanged(log, session.Id);
        return RaiseAsync(
            nameof(events.OnClientChanged),
            events.OnClientChanged,
            new SessionClientChangedContext
            {
                Name = name,
                Session = session,
                Client = client,
            }
        );
    }

    /// <summary>Returns at once: a store that reads may be inside a transaction, which no handler may hold up.</summary>
    public void RaiseCorruptRecord(string record, Exception? exception)
    {
        SessionLog.CorruptRecord(log, record, exception);
        if (events.OnCorruptRecord is { } handlers)
        {
            _ = Task.Run(() =>
            {
                var context = new CorruptRecordContext
                {
                    Name = name,
                    Record = record,
                    Exception = exception,
                };
                return RaiseAsync(nameof(events.OnCorruptRecord), handlers, context).AsTask();
            });
        }
    }

    private async ValueTask RaiseAsync<T>(string eventName, Func<T, ValueTask>? handlers, T context)
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
                SessionLog.HandlerFailed(log, eventName, exception);
            }
        }
    }
}
