using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>Raises the events of one name to the application, the log and the metrics.</summary>
/// <param name="name">The name of the sessions.</param>
/// <param name="events">The application's handlers.</param>
/// <param name="timeout">How long a caller waits for the handlers of what it raises.</param>
/// <param name="time">Measures that time.</param>
/// <param name="log">Gets an entry with each event.</param>
/// <param name="metrics">Null: there are none.</param>
internal sealed class SessionEventDispatcher(
    string name,
    SessionEvents events,
    TimeSpan timeout,
    TimeProvider time,
    ILogger log,
    SessionMetrics? metrics
)
{
    /// <summary>Raises several events of one operation. The caller waits for all of them no longer than for one.</summary>
    public ValueTask RaiseTogetherAsync(string eventName, Func<ValueTask> raise)
    {
        var raising = raise();
        return raising.IsCompletedSuccessfully ? raising : WaitAsync(eventName, raising.AsTask());
    }

    public ValueTask RaiseCreatedAsync(Session session)
    {
        SessionLog.Created(log, session.Id);
        metrics?.RecordCreated();
        return RaiseAsync(nameof(events.OnCreated), events.OnCreated, new SessionCreatedContext { Name = name, Session = session });
    }

    public ValueTask RaiseTokenRejectedAsync(SessionId? id, SessionRejection reason, ClientInfo? client)
    {
        if (id is { } named)
        {
            SessionLog.TokenRejected(log, named, reason);
        }
        else
        {
            SessionLog.RequestRejected(log, reason);
        }

        if (reason == SessionRejection.Ahead)
        {
            SessionLog.TokenAhead(log, id!.Value);
        }

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

    public ValueTask RaiseEndedAsync(IEnumerable<Session> sessions, SessionEndReason reason, SessionId? actor = null)
    {
        return RaiseTogetherAsync(nameof(events.OnEnded), RaiseAllAsync);

        async ValueTask RaiseAllAsync()
        {
            foreach (var session in sessions)
            {
                await RaiseEndedAsync(session, reason, actor).ConfigureAwait(false);
            }
        }
    }

    public ValueTask RaiseEndedAsync(Session session, SessionEndReason reason, SessionId? actor = null)
    {
        SessionLog.Ended(log, session.Id, reason);
        if (reason == SessionEndReason.Limit)
        {
            SessionLog.Evicted(log, session.Id);
        }

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

    public ValueTask RaiseCopyDetectedAsync(Session session, ClientInfo? client)
    {
        SessionLog.CopyDetected(log, session.Id);
        return RaiseAsync(
            nameof(events.OnCopyDetected),
            events.OnCopyDetected,
            new CopyDetectedContext
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
            var context = new CorruptRecordContext
            {
                Name = name,
                Record = record,
                Exception = exception,
            };
            _ = RunAsync(nameof(events.OnCorruptRecord), handlers, context);
        }
    }

    private ValueTask RaiseAsync<T>(string eventName, Func<T, ValueTask>? handlers, T context)
        where T : class => handlers is null ? ValueTask.CompletedTask : WaitAsync(eventName, RunAsync(eventName, handlers, context));

    /// <summary>Runs the handlers on a thread of the pool: one that blocks its thread must not hold up the caller either.</summary>
    private Task RunAsync<T>(string eventName, Func<T, ValueTask> handlers, T context) =>
        Task.Run(async () =>
        {
            foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            {
                try
                {
                    await handler(context).ConfigureAwait(false);
                }
#pragma warning disable CA1031 // A handler of the application that throws must not fail the request.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    SessionLog.HandlerFailed(log, eventName, exception);
                }
            }
        });

    private async ValueTask WaitAsync(string eventName, Task handlers)
    {
        try
        {
            await handlers.WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            SessionLog.EventTimedOut(log, eventName, timeout);
        }
    }
}
