using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sessions.Events;
using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>What a store reported as unreadable: as the log has it, and as the application is told.</summary>
internal sealed class ReportedRecords : ILogger<UnreadableSessionReporter>
{
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly Channel<SessionUnreadable> _told = Channel.CreateUnbounded<SessionUnreadable>();

    public ReportedRecords()
    {
        Reporter = new(new SessionEvents { Unreadable = e => _told.Writer.WriteAsync(e) }, this);
    }

    /// <summary>For the store under test.</summary>
    public UnreadableSessionReporter Reporter { get; }

    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>The next event, which comes a moment after the store has reported.</summary>
    public ValueTask<SessionUnreadable> ToldAsync(CancellationToken cancellationToken) => _told.Reader.ReadAsync(cancellationToken);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _warnings.Enqueue(formatter(state, exception));
}
