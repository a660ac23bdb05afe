namespace Sessions.Stores;

/// <summary>
/// The sessions that somebody on this node watches. Listens to the store's feed while there are any. Without a feed, and while it is down, each is asked for within
/// <see cref="SessionCacheOptions.MaxStaleness"/>.
/// </summary>
internal sealed class SessionWatches(ISessionStore store, ISessionChangeFeed? feed, TimeSpan maxStaleness, TimeProvider time)
    : ISessionChangeListener
{
    private const int LooksAtOnce = 8;

    // Who comes and goes takes the first lock, which the feed never does: it calls with a lock of its own in hand, and gets the second only.
    private readonly Lock _joining = new();
    private readonly Lock _table = new();
    private readonly Dictionary<SessionId, WatchedSession> _watched = [];
    private IDisposable? _subscription;

    /// <summary>Half of what is promised, so that a question and its answer fit in.</summary>
    public TimeSpan PollInterval => maxStaleness / 2;

    /// <summary>When to ask the store if nobody tells; null: the feed tells.</summary>
    public TimeSpan? UntilNextPoll => feed?.FeedStatus.IsConnected == true ? null : PollInterval;

    /// <summary>How many sessions are watched.</summary>
    public int Count => _watched.Count;

    /// <summary>Watches a session from here on.</summary>
    public SessionWatch Watch(Session session)
    {
        WatchedSession? watched;
        SessionWatch watch;
        lock (_joining)
        {
            _subscription ??= feed?.Subscribe(this);
            lock (_table)
            {
                if (!_watched.TryGetValue(session.Id, out watched))
                {
                    watched = _watched[session.Id] = new WatchedSession(this, store, session, time);
                }

                watch = watched.Join();
            }
        }

        // It may have ended since whoever watches has seen it: nobody told us then.
        _ = watched.LookAsync();
        return watch;
    }

    public void Leave(WatchedSession watched, SessionWatch watch)
    {
        lock (_joining)
        {
            lock (_table)
            {
                if (!watched.Remove(watch))
                {
                    return;
                }

                Remove(watched);
            }

            watched.Dispose();
            if (_watched.Count == 0)
            {
                _subscription?.Dispose();
                _subscription = null;
            }
        }
    }

    /// <summary>The session is no more.</summary>
    public void End(WatchedSession watched)
    {
        SessionWatch[] watches;
        lock (_table)
        {
            Remove(watched);
            watches = watched.Watches();
        }

        Fire(watched, watches);
    }

    /// <inheritdoc />
    public void OnChange(SessionChange change)
    {
        if (change.Kind != SessionChangeKind.Ended)
        {
            return;
        }

        WatchedSession? watched;
        SessionWatch[] watches;
        lock (_table)
        {
            if (!_watched.Remove(change.Id, out watched))
            {
                return;
            }

            watches = watched.Watches();
        }

        Fire(watched, watches);
    }

    /// <inheritdoc />
    public void OnConnected() =>
        _ = Task.Run(() =>
            Parallel.ForEachAsync(
                All(),
                new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce },
                static (watched, _) => new ValueTask(watched.LookAsync())
            )
        );

    /// <inheritdoc />
    public void OnDisconnected()
    {
        foreach (var watched in All())
        {
            watched.Arm(PollInterval);
        }
    }

    private static void Fire(WatchedSession watched, SessionWatch[] watches)
    {
        watched.Dispose();
        foreach (var watch in watches)
        {
            watch.Fire();
        }
    }

    private void Remove(WatchedSession watched)
    {
        // After one that has ended, another may watch the same id: only to find it gone as well.
        if (_watched.GetValueOrDefault(watched.Id) == watched)
        {
            _watched.Remove(watched.Id);
        }
    }

    private WatchedSession[] All()
    {
        lock (_table)
        {
            return [.. _watched.Values];
        }
    }
}
