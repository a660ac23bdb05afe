namespace Sessions.Stores;

/// <summary>
/// Caches sessions that the store returned a moment ago, and lets requests share a fetch. A cached session may only be accepted: before a
/// refusal the store is read again, with <see cref="FetchFromStoreAsync"/>. A change takes the session out and keeps answers that are on
/// their way from being remembered; while a feed is down nothing is remembered or shared.
/// </summary>
internal sealed class SessionCache : ISessionChangeListener
{
    private readonly Lock _lock = new();
    private readonly SecondChanceCache _sessions;
    private readonly Dictionary<SessionId, PendingFetch> _fetches = [];
    private readonly ISessionStore _store;
    private readonly ISessionChangeFeed? _feed;
    private readonly TimeSpan _maxStaleness;
    private readonly TimeProvider _time;

    public SessionCache(ISessionStore store, ISessionChangeFeed? feed, SessionCacheOptions options, TimeProvider time)
    {
        _store = store;
        _feed = feed;
        _sessions = new SecondChanceCache(options.MaxSessions, options.MaxBytes);
        _maxStaleness = options.MaxStaleness;
        _time = time;
    }

    /// <summary>How many sessions are remembered.</summary>
    public int Count => _sessions.Count;

    /// <summary>Without a feed no change elsewhere is delivered, and only the age counts; with one, it must be connected.</summary>
    private bool IsTrusted => _feed is null || _feed.Status.IsConnected;

    /// <summary>
    /// The session as it was a moment ago. Null: the store has to be read, also where the session seems to have expired, since another node
    /// may have extended it.
    /// </summary>
    public Session? Find(SessionId id) =>
        // The feed's state is read first: a feed that reconnects in between empties the table before its status changes.
        IsTrusted
        && _sessions.TryGet(id, out var cached)
        && !IsStale(cached.FetchStartedAt)
        && !cached.Session.IsExpired(_time.GetUtcNow())
            ? cached.Session
            : null;

    /// <summary>Reads the store, or waits for a read of another caller that is under way.</summary>
    public async ValueTask<CacheLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        var fetch = StartFetch(id, forceNew: false, out var isOurs);
        var found = await AwaitFetchAsync(id, fetch, isOurs, cancellationToken).ConfigureAwait(false);

        // A result of another caller's read that has become too old meanwhile, or came while the feed was lost, is not used.
        return isOurs || (IsTrusted && !IsStale(fetch!.StartedAt))
            ? new(found, isOurs)
            : new(await FetchFromStoreAsync(id, cancellationToken).ConfigureAwait(false), IsFromStore: true);
    }

    /// <summary>Reads the store anew. Later callers may wait for the same result.</summary>
    public ValueTask<SessionLookup> FetchFromStoreAsync(SessionId id, CancellationToken cancellationToken) =>
        AwaitFetchAsync(id, StartFetch(id, forceNew: true, out var isOurs), isOurs, cancellationToken);

    /// <summary>A use of the session was written down.</summary>
    public void RecordUse(SessionId id, DateTimeOffset at)
    {
        if (_sessions.TryGet(id, out var cached))
        {
            cached.RecordUse(at);
        }
    }

    /// <inheritdoc />
    public void OnChange(SessionChange change)
    {
        lock (_lock)
        {
            _sessions.Remove(change.Id);
            _fetches.Remove(change.Id);
        }
    }

    /// <inheritdoc />
    public void OnConnected() => Clear();

    /// <inheritdoc />
    public void OnDisconnected() => Clear();

    private void Clear()
    {
        lock (_lock)
        {
            _sessions.Clear();
            _fetches.Clear();
        }
    }

    /// <summary>A question that may be shared; null while nothing is.</summary>
    private PendingFetch? StartFetch(SessionId id, bool forceNew, out bool isOwner)
    {
        isOwner = true;
        if (!IsTrusted)
        {
            return null;
        }

        lock (_lock)
        {
            // A fetch that has taken so long may never complete.
            if (!forceNew && _fetches.TryGetValue(id, out var fetch) && !IsStale(fetch.StartedAt))
            {
                isOwner = false;
                return fetch;
            }

            return _fetches[id] = new PendingFetch(_time.GetTimestamp());
        }
    }

    private async ValueTask<SessionLookup> AwaitFetchAsync(
        SessionId id,
        PendingFetch? fetch,
        bool isOwner,
        CancellationToken cancellationToken
    )
    {
        if (fetch is null)
        {
            return await _store.FetchAsync(id, cancellationToken).ConfigureAwait(false);
        }

        if (isOwner)
        {
            // The fetch does not end with the request that began it: other requests may wait for it.
            _ = RunFetchAsync(id, fetch);
        }

        return await fetch.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunFetchAsync(SessionId id, PendingFetch fetch)
    {
        try
        {
            var found = await _store.FetchAsync(id, CancellationToken.None).ConfigureAwait(false);
            AddResult(id, fetch, found.Session);
            fetch.SetResult(found);
        }
#pragma warning disable CA1031 // Every failure goes to the callers that wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            TryRemoveFetch(id, fetch);
            fetch.SetException(e);
        }
    }

    /// <summary>Remembers a result, unless the session was changed, or a newer fetch began, while it was on its way.</summary>
    private void AddResult(SessionId id, PendingFetch fetch, Session? session)
    {
        lock (_lock)
        {
            if (!TryRemoveFetch(id, fetch))
            {
                return;
            }

            if (session is null)
            {
                _sessions.Remove(id);
            }
            else
            {
                _sessions.Put(new CachedSession(session, fetch.StartedAt));
            }
        }
    }

    /// <summary>From here on no other call waits for this fetch. Returns whether it was still the one to wait for.</summary>
    private bool TryRemoveFetch(SessionId id, PendingFetch fetch)
    {
        lock (_lock)
        {
            return _fetches.GetValueOrDefault(id) == fetch && _fetches.Remove(id);
        }
    }

    private bool IsStale(long startedAt) => _time.GetElapsedTime(startedAt) >= _maxStaleness;
}
