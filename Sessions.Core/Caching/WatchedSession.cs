namespace Sessions.Stores;

/// <summary>A session that somebody on this node watches: one timer for all who do.</summary>
internal sealed class WatchedSession : IDisposable
{
    // No timer reaches farther than 49 days; a look at the store once a day harms nobody.
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_minDelay = TimeSpan.FromMilliseconds(1);

    private readonly RevocationWatcher _watcher;
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly HashSet<RevocationRegistration> _registrations = [];
    private readonly ITimer _timer;
    private long _expiresAt;

    public WatchedSession(RevocationWatcher watcher, ISessionStore store, Session session, TimeProvider time)
    {
        (_watcher, _store, _time, Id, _expiresAt) = (watcher, store, time, session.Id, session.ExpiresAt.UtcTicks);
        _timer = time.CreateTimer(
            static watched => _ = ((WatchedSession)watched!).CheckAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public SessionId Id { get; }

    /// <summary>Another one watches. Called under the lock of the table.</summary>
    public RevocationRegistration AddRegistration()
    {
        var watch = new RevocationRegistration(this);
        _registrations.Add(watch);
        return watch;
    }

    /// <summary>One who watched does so no more.</summary>
    public void Unregister(RevocationRegistration registration) => _watcher.Unregister(this, registration);

    /// <summary>Called under the lock of the table.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool RemoveRegistration(RevocationRegistration registration) => _registrations.Remove(registration) && _registrations.Count == 0;

    /// <summary>All who watch. Called under the lock of the table.</summary>
    public RevocationRegistration[] GetRegistrations() => [.. _registrations];

    /// <summary>Asks the store whether the session is still there. Done again when it expires, and before that as often as nobody else would tell.</summary>
    public async Task CheckAsync()
    {
        try
        {
            if (await _store.FetchAsync(Id, CancellationToken.None).ConfigureAwait(false) is not { } session)
            {
                _watcher.SignalEnded(this);
                return;
            }

            Volatile.Write(ref _expiresAt, session.ExpiresAt.UtcTicks);
            Schedule(_watcher.NextPollDelay);

            // The feed may have been lost between the question and the answer to it, when the timer had been set for that already.
            if (_watcher.NextPollDelay is { } untilNextPoll)
            {
                Schedule(untilNextPoll);
            }
        }
#pragma warning disable CA1031 // An outage, of whatever kind, is not a logout: the store is asked again.
        catch (Exception)
#pragma warning restore CA1031
        {
            Schedule(_watcher.PollInterval);
        }
    }

    /// <summary>Has the next look at the session when it expires, or before.</summary>
    /// <param name="maxDelay">After this time; null: not before it expires.</param>
    public void Schedule(TimeSpan? maxDelay)
    {
        var untilExpiry = new DateTimeOffset(Volatile.Read(ref _expiresAt), TimeSpan.Zero) - _time.GetUtcNow();

        // Past its expiry and not known to be gone: the store could not say, or goes by another clock.
        var wait = untilExpiry <= TimeSpan.Zero ? _watcher.PollInterval : untilExpiry;
        wait = maxDelay < wait ? maxDelay.Value : wait;
        wait = wait < s_minDelay ? s_minDelay : wait;
        _timer.Change(wait < s_maxDelay ? wait : s_maxDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nobody watches any more, or there is nothing left to watch.</summary>
    public void Dispose() => _timer.Dispose();
}

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
