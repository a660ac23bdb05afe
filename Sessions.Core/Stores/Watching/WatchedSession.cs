namespace Sessions.Stores;

/// <summary>A session that somebody on this node watches: one timer for all who do.</summary>
internal sealed class WatchedSession : IDisposable
{
    // No timer reaches farther than 49 days; a look at the store once a day harms nobody.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly SessionWatches _all;
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly HashSet<SessionWatch> _watches = [];
    private readonly ITimer _timer;
    private long _expiresAt;

    public WatchedSession(SessionWatches all, ISessionStore store, Session session, TimeProvider time)
    {
        (_all, _store, _time, Id, _expiresAt) = (all, store, time, session.Id, session.ExpiresAt.UtcTicks);
        _timer = time.CreateTimer(
            static watched => _ = ((WatchedSession)watched!).LookAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public SessionId Id { get; }

    /// <summary>Another one watches. Called under the lock of the table.</summary>
    public SessionWatch Join()
    {
        var watch = new SessionWatch(this);
        _watches.Add(watch);
        return watch;
    }

    /// <summary>One who watched does so no more.</summary>
    public void Leave(SessionWatch watch) => _all.Leave(this, watch);

    /// <summary>Called under the lock of the table.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool Remove(SessionWatch watch) => _watches.Remove(watch) && _watches.Count == 0;

    /// <summary>All who watch. Called under the lock of the table.</summary>
    public SessionWatch[] Watches() => [.. _watches];

    /// <summary>Asks the store whether the session is still there. Done again when it expires, and before that as often as nobody else would tell.</summary>
    public async Task LookAsync()
    {
        try
        {
            if (await _store.FetchAsync(Id, CancellationToken.None).ConfigureAwait(false) is not { } session)
            {
                _all.End(this);
                return;
            }

            Volatile.Write(ref _expiresAt, session.ExpiresAt.UtcTicks);
            Arm(_all.UntilNextPoll);

            // The feed may have been lost between the question and the answer to it, when the timer had been set for that already.
            if (_all.UntilNextPoll is { } untilNextPoll)
            {
                Arm(untilNextPoll);
            }
        }
#pragma warning disable CA1031 // An outage, of whatever kind, is not a logout: the store is asked again.
        catch (Exception)
#pragma warning restore CA1031
        {
            Arm(_all.PollInterval);
        }
    }

    /// <summary>Has the next look at the session when it expires, or before.</summary>
    /// <param name="atLatest">After this time; null: not before it expires.</param>
    public void Arm(TimeSpan? atLatest)
    {
        var untilExpiry = new DateTimeOffset(Volatile.Read(ref _expiresAt), TimeSpan.Zero) - _time.GetUtcNow();

        // Past its expiry and not known to be gone: the store could not say, or goes by another clock.
        var wait = untilExpiry <= TimeSpan.Zero ? _all.PollInterval : untilExpiry;
        wait = atLatest < wait ? atLatest.Value : wait;
        wait = wait < s_shortestWait ? s_shortestWait : wait;
        _timer.Change(wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nobody watches any more, or there is nothing left to watch.</summary>
    public void Dispose() => _timer.Dispose();
}
