using Sessions.Testing;

namespace Sessions.Tests.Sweeping;

/// <summary>A manual clock that moves only once somebody waits for it.</summary>
internal sealed class TimerAwaitingClock : TimeProvider, IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SemaphoreSlim _timers = new(0);

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _clock.CreateTimer(callback, state, dueTime, period);
        // A manager makes a timer that waits for its first touch; the sweeper's is set at once.
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _timers.Release();
        }

        return timer;
    }

    public async Task AdvanceAfterTimerAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await _timers.WaitAsync(cancellationToken);
        _clock.Advance(time);
    }

    public void Dispose() => _timers.Dispose();
}
