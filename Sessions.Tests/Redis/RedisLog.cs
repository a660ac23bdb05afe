using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sessions.Redis;

namespace Sessions.Tests.Redis;

/// <summary>Remembers warnings.</summary>
internal sealed class RedisLog : ILogger<RedisSessionStore>
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyCollection<string> Warnings => _warnings;

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
