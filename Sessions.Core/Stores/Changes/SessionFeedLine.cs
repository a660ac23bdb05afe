namespace Sessions.Stores;

/// <summary>One state of a feed: connected or not since when, and when it was last heard of by the monotonic clock.</summary>
internal sealed class SessionFeedLine(TimeProvider time, bool isConnected, TimeSpan silence)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private long _heardAt = time.GetTimestamp();

    /// <summary>Whether it was said to be connected; that it has fallen silent is in <see cref="Status"/> only.</summary>
    public bool IsConnected { get; } = isConnected;

    public SessionFeedStatus Status => SilentFor is { } silent ? new(false, time.GetUtcNow() - silent) : new(IsConnected, _since);

    public bool TryBeat()
    {
        if (!IsConnected || SilentFor is not null)
        {
            return false;
        }

        Volatile.Write(ref _heardAt, time.GetTimestamp());
        return true;
    }

    /// <summary>How long it has been silent longer than it may; null: it has not.</summary>
    private TimeSpan? SilentFor
    {
        get
        {
            if (!IsConnected || silence == Timeout.InfiniteTimeSpan)
            {
                return null;
            }

            var heardAgo = time.GetElapsedTime(Volatile.Read(ref _heardAt));
            return heardAgo > silence ? heardAgo - silence : null;
        }
    }
}
