using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Cookies;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.Cookies;

public sealed class CookieRejectionLogTests
{
    [Test]
    public void Garbage_of_a_stranger_is_one_line_a_minute_for_each_reason()
    {
        var (log, clock) = (new RecordingLoggerProvider(), new ManualTimeProvider());
        var rejections = new CookieRejectionLog("cart", clock, log);
        for (var i = 0; i < 100; i++)
        {
            rejections.Write(CookieSessionRejection.NotAuthentic, null);
        }

        rejections.Write(CookieSessionRejection.Unreadable, null);
        clock.Advance(TimeSpan.FromMinutes(1));
        rejections.Write(CookieSessionRejection.NotAuthentic, null);

        var lines = log.Entries.Where(static entry => entry.Level >= LogLevel.Information).Select(static entry => entry.Message).ToList();
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(lines[2], Does.Contain("99 more"));
    }
}
