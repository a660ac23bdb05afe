namespace Sessions.Stores;

/// <summary>
/// The sessions with registrations on this node. Listens to the store's feed while there are any. Without a feed, and while it is down,
/// each is read from the store within <see cref="SessionCacheOptions.MaxStaleness"/>.
/// </summary>
internal sealed class RevocationWatcher(ISessionStore store, ISessionChangeFeed? feed, TimeSpan maxStaleness, TimeProvider time)
    : ISessionChangeListener
{
    private const int MaxParallelChecks = 8;

    // Adding and removing registrations takes the first lock. The feed takes the second only: it calls while it holds a lock of its own,
    // and both locks could deadlock.
    private readonly Lock _registrationLock = new();
    private readonly Lock _tableLock = new();
    private readonly Dictionary<SessionId, WatchedSession> _watched = [];
    private IDisposable? _subscription;

    /// <summary>Half of what is promised, so that a call of the store fits in.</summary>
    public TimeSpan PollInterval => maxStaleness / 2;

    /// <summary>When to read the store; null: the feed delivers changes.</summary>
    public TimeSpan? NextPollDelay => feed?.Status.IsConnected == true ? null : PollInterval;

    /// <summary>How many sessions are watched.</summary>
    public int Count => _watched.Count;

    /// <summary>Watches a session from here on.</summary>
    public RevocationRegistration Register(Session session)
    {
        WatchedSession? watched;
        RevocationRegistration watch;
        lock (_registrationLock)
        {
            _subscription ??= feed?.Subscribe(this);
            lock (_tableLock)
            {
                if (!_watched.TryGetValue(session.Id, out watched))
                {
                    watched = _watched[session.Id] = new WatchedSession(this, store, session, time);
                }

                watch = watched.AddRegistration();
            }
        }

        // The session may have ended after the caller read it and before this registration: no change is delivered for that.
        _ = watched.CheckAsync();
        return watch;
    }

    public void Unregister(WatchedSession watched, RevocationRegistration registration)
    {
        lock (_registrationLock)
        {
            lock (_tableLock)
            {
                if (!watched.RemoveRegistration(registration))
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
    public void SignalEnded(WatchedSession watched)
    {
        RevocationRegistration[] watches;
        lock (_tableLock)
        {
            Remove(watched);
            watches = watched.GetRegistrations();
        }

        Cancel(watched, watches);
    }

    /// <inheritdoc />
    public void OnChange(SessionChange change)
    {
        if (change.Kind != SessionChangeKind.Ended)
        {
            return;
        }

        WatchedSession? watched;
        RevocationRegistration[] watches;
        lock (_tableLock)
        {
            if (!_watched.Remove(change.Id, out watched))
            {
                return;
            }

            watches = watched.GetRegistrations();
        }

        Cancel(watched, watches);
    }

    /// <inheritdoc />
    public void OnConnected() =>
        _ = Task.Run(() =>
            Parallel.ForEachAsync(
                Snapshot(),
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallelChecks },
                static (watched, _) => new ValueTask(watched.CheckAsync())
            )
        );

    /// <inheritdoc />
    public void OnDisconnected()
    {
        foreach (var watched in Snapshot())
        {
            watched.Schedule(PollInterval);
        }
    }

    private static void Cancel(WatchedSession watched, RevocationRegistration[] registrations)
    {
        watched.Dispose();
        foreach (var watch in registrations)
        {
            watch.Cancel();
        }
    }

    private void Remove(WatchedSession watched)
    {
        // A later registration of the same id, whose session has ended too, may have replaced the entry.
        if (_watched.GetValueOrDefault(watched.Id) == watched)
        {
            _watched.Remove(watched.Id);
        }
    }

    private WatchedSession[] Snapshot()
    {
        lock (_tableLock)
        {
            return [.. _watched.Values];
        }
    }
}
