using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>The clock of a feed. It runs with another, but what waits before it connects again need not wait.</summary>
/// <param name="clock">The clock that the test leads.</param>
/// <param name="timersCome">False: no timer ever fires, as on a machine that is too busy, or has just been woken.</param>
internal sealed class ImmediateReconnectClock(ManualTimeProvider clock, bool timersCome = true) : TimeProvider
{
    // A pause is shorter, whatever else has a timer waits longer.
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(10);

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isPause = dueTime < s_attemptTimeout;
        return isPause || timersCome
            ? clock.CreateTimer(callback, state, isPause ? TimeSpan.Zero : dueTime, period)
            : new ManualTimeProvider().CreateTimer(callback, state, dueTime, period);
    }
}
