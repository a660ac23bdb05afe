using Microsoft.Extensions.Logging;

namespace Sessions.Tests.Diagnostics;

/// <summary>Remembers what is logged: of one manager, or as the provider of a whole application.</summary>
internal sealed class RecordingLoggerProvider : ILoggerProvider, ILogger<SessionManager>
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_lock)
        {
            _entries.Add(new LogEntry(logLevel, eventId.Name, formatter(state, exception), exception));
        }
    }

    public void Dispose() { }
}

internal sealed record LogEntry(LogLevel Level, string? Event, string Message, Exception? Exception);
