namespace Sessions.Stores;

/// <summary>Somebody's wish to know when a session ends, until it is disposed.</summary>
internal sealed class RevocationRegistration(WatchedSession session) : IDisposable
{
    // Its own, so that whoever leaves takes along all that hangs on it, however long others go on watching. The token stays good, so the source is left to the collector.
    private readonly CancellationTokenSource _ended = new();
    private WatchedSession? _session = session;

    /// <summary>Fires when the session ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Tells whoever watches. Not here and now: what the application does then must not hold up whoever brings the news, nor anybody else who watches.</summary>
    public void Cancel() => _ = _ended.CancelAsync();

    public void Dispose() => Interlocked.Exchange(ref _session, null)?.Unregister(this);
}
