namespace Sessions.Stores;

/// <summary>A session with registrations on this node: one timer for all of them.</summary>
internal sealed class WatchedSession : IDisposable
{
    // No timer reaches farther than 49 days; one read of the store a day costs nothing.
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

    /// <summary>
    /// Reads the store to see whether the session still exists: when it expires, and before that at each interval if there is no feed.
    /// </summary>
    public async Task CheckAsync()
    {
        try
        {
            // One that has expired here for longer than clocks differ has ended by the options of today, which the store does not know.
            if (
                (await _store.FetchAsync(Id, CancellationToken.None).ConfigureAwait(false)).Session is not { } session
                || session.IsExpired(_time.GetUtcNow() - ClockTolerance.Evaluation)
            )
            {
                _watcher.SignalEnded(this);
                return;
            }

            Volatile.Write(ref _expiresAt, session.ExpiresAt.UtcTicks);
            Schedule(_watcher.NextPollDelay);

            // The feed may have been lost between reading the delay and setting the timer; then the loss has set a timer that the line
            // above replaced.
            if (_watcher.NextPollDelay is { } untilNextPoll)
            {
                Schedule(untilNextPoll);
            }
        }
#pragma warning disable CA1031 // An outage is not a logout: the store is read again later.
        catch (Exception)
#pragma warning restore CA1031
        {
            Schedule(_watcher.PollInterval);
        }
    }

    /// <summary>Reads the session next when it expires, or before.</summary>
    /// <param name="maxDelay">After this time; null: not before it expires.</param>
    public void Schedule(TimeSpan? maxDelay)
    {
        var untilExpiry = new DateTimeOffset(Volatile.Read(ref _expiresAt), TimeSpan.Zero) - _time.GetUtcNow();

        // The session has expired by this clock and the store has not confirmed it: the store failed, or its clock is behind.
        var wait = untilExpiry <= TimeSpan.Zero ? _watcher.PollInterval : untilExpiry;
        wait = maxDelay < wait ? maxDelay.Value : wait;
        wait = wait < s_minDelay ? s_minDelay : wait;
        _timer.Change(wait < s_maxDelay ? wait : s_maxDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is no registration left, or no session.</summary>
    public void Dispose() => _timer.Dispose();
}

/// <summary>A registration for the end of a session, until it is disposed.</summary>
internal sealed class RevocationRegistration(WatchedSession session) : IDisposable
{
    // One source for each registration: its callbacks go with it, however long other registrations live. It is not disposed, so that its
    // token stays valid.
    private readonly CancellationTokenSource _ended = new();
    private WatchedSession? _session = session;

    /// <summary>Fires when the session ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>
    /// Cancels the token, on a thread of the pool: the application's callbacks must hold up neither the feed nor the other registrations.
    /// </summary>
    public void Cancel() => _ = _ended.CancelAsync();

    public void Dispose() => Interlocked.Exchange(ref _session, null)?.Unregister(this);
}
