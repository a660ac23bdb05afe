using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sessions.Stores;

/// <summary>
/// Reports a record that a store cannot read, to the log and to <see cref="SessionEvents.OnCorruptRecord"/>. A service keyed by the name of
/// the sessions, for the code that creates their store.
/// </summary>
public sealed class CorruptRecordReporter
{
    private readonly SessionEventDispatcher _events;

    /// <summary>A reporter without a container.</summary>
    /// <param name="events">Read anew with each report.</param>
    /// <param name="log">Gets a warning with each report.</param>
    public CorruptRecordReporter(SessionEvents events, ILogger<CorruptRecordReporter> log)
        : this(Options.DefaultName, events, log) { }

    internal CorruptRecordReporter(string name, SessionEvents events, ILogger<CorruptRecordReporter> log)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(log);
        // Nothing waits for its handlers.
        _events = new SessionEventDispatcher(name, events, Timeout.InfiniteTimeSpan, TimeProvider.System, log, metrics: null);
    }

    /// <summary>Reports a record. Waits for no handler and throws nothing, so it may be called inside a transaction.</summary>
    /// <param name="record">What names the record in the store: the id, as far as it can be read.</param>
    /// <param name="exception">What is wrong with it; null when there was no exception.</param>
    public void Report(string record, Exception? exception = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        _events.RaiseCorruptRecord(record, exception);
    }
}
