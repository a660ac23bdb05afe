using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Sessions.Tests.Diagnostics;

/// <summary>Remembers warnings.</summary>
/// <typeparam name="T">Whose.</typeparam>
internal class WarningLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly Channel<Exception> _errors = Channel.CreateUnbounded<Exception>();

    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>The next exception that a warning tells of.</summary>
    public async Task<Exception> NextErrorAsync(CancellationToken cancellationToken) => await _errors.Reader.ReadAsync(cancellationToken);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        _warnings.Enqueue(formatter(state, exception));
        if (exception is not null)
        {
            _errors.Writer.TryWrite(exception);
        }
    }
}
