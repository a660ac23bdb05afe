namespace Sessions.Testing;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>, which guards its schedule.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _disposed;

    public TimeSpan DueAt { get; set; }

    public TimeSpan? Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        // As System.Threading.Timer: a period of zero is none, and a timer that is due now does not wait for the clock.
        var again = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : (TimeSpan?)period;
        if (dueTime == TimeSpan.Zero)
        {
            clock.Schedule(this, again, again);
            ThreadPool.QueueUserWorkItem(static timer => timer.Call(), this, preferLocal: false);
        }
        else
        {
            clock.Schedule(this, dueTime == Timeout.InfiniteTimeSpan ? null : dueTime, again);
        }

        return true;
    }

    public void Call()
    {
        if (!_disposed)
        {
            callback(state);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Schedule(this, null, null);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
