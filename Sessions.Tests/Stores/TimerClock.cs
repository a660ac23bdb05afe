using System.Threading.Channels;
using Sessions.Testing;

namespace Sessions.Tests.Stores;

/// <summary>What becomes of a timer.</summary>
internal enum TimerBehavior
{
    /// <summary>It fires when the clock is advanced to its instant.</summary>
    OnTime,

    /// <summary>It does not wait for the clock.</summary>
    AtOnce,

    /// <summary>It never fires, as on a machine that is too busy, or has just been woken.</summary>
    Never,
}

/// <summary>A manual clock that says which timers are set, and where a test decides which of them fire.</summary>
/// <param name="clock">The clock that a test advances; default: one of its own.</param>
/// <param name="behavior">From the due time of a timer. Default: every timer is on time.</param>
internal sealed class TimerClock(ManualTimeProvider? clock = null, Func<TimeSpan, TimerBehavior>? behavior = null) : TimeProvider
{
    private readonly ManualTimeProvider _clock = clock ?? new();
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = (behavior?.Invoke(dueTime) ?? TimerBehavior.OnTime) switch
        {
            TimerBehavior.Never => _clock.CreateTimer(static _ => { }, null, dueTime, period),
            TimerBehavior.AtOnce => _clock.CreateTimer(callback, state, TimeSpan.Zero, period),
            _ => _clock.CreateTimer(callback, state, dueTime, period),
        };
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>
    /// Waits for the next timer, and says when it is due. Those that <paramref name="isOther"/> names, by their due time, are passed over.
    /// </summary>
    public async Task<TimeSpan> NextTimerAsync(Func<TimeSpan, bool> isOther, CancellationToken cancellationToken)
    {
        TimeSpan dueTime;
        do
        {
            dueTime = await _timers.Reader.ReadAsync(cancellationToken);
        } while (isOther(dueTime));

        return dueTime;
    }
}
