using System.Threading.Channels;
using Sessions.Testing;

namespace Sessions.Tests.Feeds;

/// <summary>A manual clock that tells which timers are set. When it is deaf, timers never fire, as on a machine that is too busy.</summary>
internal sealed class FeedClock(bool isDeaf = false) : TimeProvider
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _clock.CreateTimer(isDeaf ? static _ => { } : callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>The next timer that was set. It is set when this ends.</summary>
    public async Task<TimeSpan> NextTimerAsync(CancellationToken cancellationToken) => await _timers.Reader.ReadAsync(cancellationToken);
}
