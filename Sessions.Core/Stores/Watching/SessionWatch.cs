namespace Sessions.Stores;

/// <summary>Somebody's wish to know when a session ends, until it is disposed.</summary>
internal sealed class SessionWatch : IDisposable
{
    private WatchedSession? _session;

    public SessionWatch(WatchedSession session)
    {
        (_session, Ended) = (session, session.Ended);
    }

    /// <summary>Fires when the session ends.</summary>
    public CancellationToken Ended { get; }

    public void Dispose() => Interlocked.Exchange(ref _session, null)?.Leave();
}
