using Microsoft.Extensions.Logging;

namespace Sessions.Cookies;

/// <summary>
/// Logs what is shown and is no session. Any client can show anything, so a reason is logged once a minute at level Information, with the
/// number of those that were logged at level Debug since.
/// </summary>
internal sealed class CookieRejectionLog(string name, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<CookieSessionRejection, (long LoggedAt, int Passed)> _reasons = [];

    public void Write(CookieSessionRejection reason, Exception? exception)
    {
        if (reason == CookieSessionRejection.Expired)
        {
            CookieSessionLog.Expired(log, name);
        }
        else if (TryBegin(reason, out var passed))
        {
            CookieSessionLog.Rejected(log, name, reason, passed, exception);
        }
        else
        {
            CookieSessionLog.RejectedAgain(log, name, reason, exception);
        }
    }

    private bool TryBegin(CookieSessionRejection reason, out int passed)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_reasons.TryGetValue(reason, out var known) && time.GetElapsedTime(known.LoggedAt, now) < s_interval)
            {
                _reasons[reason] = (known.LoggedAt, known.Passed + 1);
                passed = 0;
                return false;
            }

            passed = known.Passed;
            _reasons[reason] = (now, 0);
            return true;
        }
    }
}
