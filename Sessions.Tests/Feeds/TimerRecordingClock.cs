using System.Threading.Channels;
using Sessions.Testing;

namespace Sessions.Tests.Feeds;

/// <summary>A manual clock that tells which timers a hub sets. When it is deaf, they never fire, as on a machine that is too busy.</summary>
internal sealed class TimerRecordingClock(bool isDeaf = false, ManualTimeProvider? clock = null) : TimeProvider
{
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = clock ?? new();
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

    /// <summary>Waits for the next pause after an attempt, and says how long it is. Beside it there is only the timer of the attempt.</summary>
    public async Task<TimeSpan> NextPauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan timer;
        do
        {
            timer = await _timers.Reader.ReadAsync(cancellationToken);
        } while (timer == AttemptTimeout);

        return timer;
    }
}
