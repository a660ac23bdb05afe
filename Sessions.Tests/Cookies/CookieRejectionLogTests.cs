using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Cookies;
using Sessions.Testing;

namespace Sessions.Tests.Cookies;

public sealed class CookieRejectionLogTests
{
    private sealed class LevelLog : ILogger
    {
        public List<(LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Entries.Add((logLevel, formatter(state, exception)));
    }

    [Test]
    public void Garbage_of_a_stranger_is_one_line_a_minute_for_each_reason()
    {
        var (log, clock) = (new LevelLog(), new ManualTimeProvider());
        var rejections = new CookieRejectionLog("cart", clock, log);
        for (var i = 0; i < 100; i++)
        {
            rejections.Write(CookieSessionRejection.NotAuthentic, null);
        }

        rejections.Write(CookieSessionRejection.Unreadable, null);
        clock.Advance(TimeSpan.FromMinutes(1));
        rejections.Write(CookieSessionRejection.NotAuthentic, null);

        var lines = log.Entries.Where(static entry => entry.Level >= LogLevel.Information).Select(static entry => entry.Text).ToList();
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(lines[2], Does.Contain("99 more"));
    }
}
