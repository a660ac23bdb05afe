using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sessions.Testing;

/// <summary>Collects what a store reports as unreadable.</summary>
internal sealed class CorruptRecordReports : ILogger<CorruptRecordReporter>
{
    private readonly ConcurrentQueue<string> _messages = new();

    public CorruptRecordReports()
    {
        Reporter = new CorruptRecordReporter(new SessionEvents(), this);
    }

    public CorruptRecordReporter Reporter { get; }

    /// <summary>The messages of the reports, each of which names its record.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _messages.Enqueue(formatter(state, exception));
}
