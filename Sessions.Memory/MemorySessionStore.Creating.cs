using Sessions.Stores;

namespace Sessions.Memory;

/// <content>Creating, within the capacity of the store and the limit of the user.</content>
public sealed partial class MemorySessionStore
{
    private static readonly TimeSpan SearchAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _searching = new();
    private long? _searchedInVainAt;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        Reserve();
        try
        {
            return new(session.UserKey is null ? CreateVisitor(session) : Create(session, session.UserKey, limit));
        }
        catch
        {
            _count.Decrement();
            throw;
        }
    }

    private void Reserve()
    {
        if (_count.Increment() <= _capacity)
        {
            return;
        }

        Search();
        if (_count.Value > _capacity)
        {
            _count.Decrement();
            throw new SessionStoreException(
                $"The store is full: it holds {_capacity} sessions, which is its {nameof(MemorySessionOptions.MaxSessions)}."
            );
        }
    }

    /// <summary>Makes room. A search that found none is not repeated at once: sign-ins without end must not cost a walk through all records each.</summary>
    private void Search()
    {
        lock (_searching)
        {
            if (_searchedInVainAt is { } last && _time.GetElapsedTime(last) < SearchAgainAfter)
            {
                return;
            }

            _sweep.Run(int.MaxValue, _time.GetUtcNow() - ClockTolerance.Deletion);
            _searchedInVainAt = _count.Value > _capacity ? _time.GetTimestamp() : null;
        }
    }

    private Session[] CreateVisitor(Session session)
    {
        Claim(new MemorySessionRecord(session, owner: null));
        return [];
    }

    private List<Session> Create(Session session, string userKey, SessionLimit? limit)
    {
        while (true)
        {
            var owner = _owners.GetOrAdd(userKey, static key => new MemorySessionOwner(key));
            lock (owner)
            {
                if (owner.Retired)
                {
                    continue;
                }

                try
                {
                    return Create(session, owner, limit);
                }
                finally
                {
                    RetireIfEmpty(owner);
                }
            }
        }
    }

    private List<Session> Create(Session session, MemorySessionOwner owner, SessionLimit? limit)
    {
        var live = limit is null ? [] : owner.Live(_time.GetUtcNow()).ToList();
        var surplus = live.Count + 1 - (limit?.Max ?? int.MaxValue);
        if (surplus > 0 && limit!.Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(limit);
        }

        // All sessions of a user share one text of his key.
        var record = new MemorySessionRecord(session with { UserKey = owner.UserKey }, owner);
        if (surplus <= 0)
        {
            Add(record, owner);
            return [];
        }

        var ended = live.GetRange(0, surplus);
        Interlocked.Increment(ref _changing);
        try
        {
            Add(record, owner);
            ended.ForEach(other => End(_table.Find(other.Id)!));
            return ended;
        }
        finally
        {
            Interlocked.Decrement(ref _changing);
        }
    }

    private void Add(MemorySessionRecord record, MemorySessionOwner owner)
    {
        Claim(record);
        owner.Add(record);
    }

    private void Claim(MemorySessionRecord record)
    {
        if (!_table.TryAdd(record))
        {
            throw new DuplicateSessionException(record.Session!.Id);
        }
    }
}
