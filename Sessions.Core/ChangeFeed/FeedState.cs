namespace Sessions.Stores;

/// <summary>One state of a feed: connected or not since when, and when it last proved itself, by the monotonic clock.</summary>
internal sealed class FeedState(TimeProvider time, bool isConnected, TimeSpan heartbeatTimeout)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private long _lastSignalAt = time.GetTimestamp();

    /// <summary>Whether it was said to be connected; that it has fallen silent is in <see cref="Status"/> only.</summary>
    public bool IsConnected { get; } = isConnected;

    public ChangeFeedStatus Status =>
        OverdueBy is { } silent
            ? new() { IsConnected = false, Since = time.GetUtcNow() - silent }
            : new() { IsConnected = IsConnected, Since = _since };

    public bool TryRecordHeartbeat()
    {
        if (!IsConnected || OverdueBy is not null)
        {
            return false;
        }

        Volatile.Write(ref _lastSignalAt, time.GetTimestamp());
        return true;
    }

    /// <summary>How long it has been silent longer than it may; null: it has not.</summary>
    private TimeSpan? OverdueBy
    {
        get
        {
            if (!IsConnected || heartbeatTimeout == Timeout.InfiniteTimeSpan)
            {
                return null;
            }

            var heardAgo = time.GetElapsedTime(Volatile.Read(ref _lastSignalAt));
            return heardAgo > heartbeatTimeout ? heardAgo - heartbeatTimeout : null;
        }
    }
}
