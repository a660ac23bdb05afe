using Microsoft.Extensions.Logging;

namespace Sessions.Diagnostics;

/// <summary>Logs an outage of one name's store: once when it begins and once when it is over, however many calls fail in between.</summary>
internal sealed class StoreOutage(string name, TimeProvider time, ILogger log)
{
    // A store may fail in part (one node of a cluster, or writes only). Without this time, each call that succeeds would count as the end
    // of the outage.
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile int _failures;
    private long _lastFailure;

    public void RecordFailure(SessionStoreException exception)
    {
        bool begins;
        lock (_lock)
        {
            begins = ++_failures == 1;
            _lastFailure = time.GetTimestamp();
        }

        if (begins)
        {
            SessionLog.StoreFailed(log, name, exception);
        }
        else
        {
            SessionLog.StoreStillFails(log, name, exception);
        }
    }

    public void RecordSuccess()
    {
        // The usual case takes no lock.
        if (_failures == 0)
        {
            return;
        }

        int failures;
        lock (_lock)
        {
            if (_failures == 0 || time.GetElapsedTime(_lastFailure) < QuietPeriod)
            {
                return;
            }

            (failures, _failures) = (_failures, 0);
        }

        SessionLog.StoreRecovered(log, name, failures);
    }
}
