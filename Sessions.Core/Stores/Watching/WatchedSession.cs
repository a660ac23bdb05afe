namespace Sessions.Stores;

/// <summary>A session that somebody on this node watches: one timer for all who do.</summary>
internal sealed class WatchedSession : IDisposable
{
    // No timer reaches farther than 49 days; a look at the store once a day harms nobody.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly SessionWatches _watches;
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private long _expiresAt;

    public WatchedSession(SessionWatches watches, ISessionStore store, Session session, TimeProvider time)
    {
        (_watches, _store, _time, Id, _expiresAt) = (watches, store, time, session.Id, session.ExpiresAt.UtcTicks);
        _timer = time.CreateTimer(
            static watched => _ = ((WatchedSession)watched!).LookAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public SessionId Id { get; }

    public CancellationToken Ended => _ended.Token;

    /// <summary>How many watch it. Changed under the lock of the table.</summary>
    public int Watchers { get; set; }

    public void Leave() => _watches.Leave(this);

    /// <summary>Asks the store whether the session is still there. Done again when it expires, and before that as often as nobody else would tell.</summary>
    public async Task LookAsync()
    {
        try
        {
            if (await _store.FetchAsync(Id, CancellationToken.None).ConfigureAwait(false) is not { } session)
            {
                _watches.End(this);
                return;
            }

            Volatile.Write(ref _expiresAt, session.ExpiresAt.UtcTicks);
            Arm(_watches.UntilNextPoll);
        }
#pragma warning disable CA1031 // An outage, of whatever kind, is not a logout: the store is asked again.
        catch (Exception)
#pragma warning restore CA1031
        {
            Arm(_watches.PollInterval);
        }
    }

    /// <summary>Has the next look at the session when it expires, or before.</summary>
    /// <param name="atLatest">After this time; null: not before it expires.</param>
    public void Arm(TimeSpan? atLatest)
    {
        var untilExpiry = new DateTimeOffset(Volatile.Read(ref _expiresAt), TimeSpan.Zero) - _time.GetUtcNow();

        // Past its expiry and not known to be gone: the store could not say, or goes by another clock.
        var wait = untilExpiry <= TimeSpan.Zero ? _watches.PollInterval : untilExpiry;
        wait = atLatest < wait ? atLatest.Value : wait;
        wait = wait < s_shortestWait ? s_shortestWait : wait;
        _timer.Change(wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tells those who watch. Not here and now: what the application does then must not hold up whoever brings the news.</summary>
    public void Fire()
    {
        _timer.Dispose();
        _ = _ended.CancelAsync();
    }

    /// <summary>Nobody watches any more. Their tokens stay good, so their source is left to the collector.</summary>
    public void Dispose() => _timer.Dispose();
}
