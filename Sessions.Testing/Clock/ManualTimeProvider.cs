namespace Sessions.Testing;

/// <summary>
/// A clock that stands still until a test moves it. It starts at the real present, so that backends with a clock of their own (a TTL) agree
/// with it. Safe to use from many threads.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _utcNow;
    private TimeSpan _elapsed;

    /// <summary>A clock at the real present, cut to whole milliseconds as all instants of a session are.</summary>
    public ManualTimeProvider()
        : this(DateTimeOffset.FromUnixTimeMilliseconds(System.GetUtcNow().ToUnixTimeMilliseconds())) { }

    /// <summary>A clock at an instant of your choice.</summary>
    public ManualTimeProvider(DateTimeOffset utcNow)
    {
        _utcNow = utcNow.ToUniversalTime();
    }

    /// <summary>
    /// The present. Setting it, also back, is what an administrator or NTP does to a clock: timers and <see cref="GetTimestamp"/> take no
    /// notice, as they take none in reality.
    /// </summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate)
            {
                return _utcNow;
            }
        }
        set
        {
            lock (_gate)
            {
                _utcNow = value.ToUniversalTime();
            }
        }
    }

    /// <summary>Always UTC: no test depends on where it runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>A timestamp is a tick of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => UtcNow;

    /// <summary>The time this clock was advanced by in all; never goes back.</summary>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>
    /// Lets time pass. Timers that become due are called one after the other in the order of their instants, each at its own instant,
    /// before this returns.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative; to set the clock back use
    /// <see cref="UtcNow"/>.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);

        // The remaining time is counted down, so that two threads that advance at once add up.
        while (Step(ref time) is { } due)
        {
            due.Call();
        }
    }

    /// <summary>The same clock as a node sees it whose own clock is wrong: ahead, when <paramref name="offset"/> is positive.</summary>
    public TimeProvider CreateSkewed(TimeSpan offset) => new SkewedTimeProvider(this, offset);

    /// <summary>
    /// A timer that fires on <see cref="Advance"/>. Only one that is due at once is called without, from the thread pool as in reality.
    /// </summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    internal void Schedule(ManualTimer timer, TimeSpan? dueTime, TimeSpan? period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime is { } time)
            {
                timer.DueAt = _elapsed + time;
                _timers.Add(timer);
            }
        }
    }

    private ManualTimer? Step(ref TimeSpan remaining)
    {
        lock (_gate)
        {
            // The first of those due earliest: equal ones fire in the order in which they were set.
            var next = _timers.MinBy(static timer => timer.DueAt);
            var wait = next is null || next.DueAt - _elapsed > remaining ? remaining : next.DueAt - _elapsed;
            var fires = next is not null && next.DueAt - _elapsed <= remaining;
            _elapsed += wait;
            _utcNow += wait;
            remaining -= wait;
            if (!fires)
            {
                return null;
            }

            _timers.Remove(next!);
            if (next!.Period is { } period)
            {
                next.DueAt += period;
                _timers.Add(next);
            }

            return next;
        }
    }
}
