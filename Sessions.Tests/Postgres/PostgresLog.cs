using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sessions.Postgres;

namespace Sessions.Tests.Postgres;

/// <summary>Remembers the exceptions that warnings tell of.</summary>
internal sealed class PostgresLog : ILogger<PostgresSessionStore>
{
    private readonly Channel<Exception> _errors = Channel.CreateUnbounded<Exception>();

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
        if (exception is not null)
        {
            _errors.Writer.TryWrite(exception);
        }
    }
}
