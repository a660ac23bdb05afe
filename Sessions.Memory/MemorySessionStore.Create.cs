using Sessions.Stores;

namespace Sessions.Memory;

/// <content>Creating, within the capacity of the store and the limit of the user.</content>
public sealed partial class MemorySessionStore
{
    private static readonly TimeSpan SweepRetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _capacityLock = new();
    private long? _lastFruitlessSweep;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        ReserveCapacity();
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

    private void ReserveCapacity()
    {
        if (_count.Increment() <= _capacity)
        {
            return;
        }

        SweepForCapacity();
        if (_count.Value > _capacity)
        {
            _count.Decrement();
            throw new SessionStoreException(
                $"The store is full: it holds {_capacity} sessions, which is its {nameof(MemorySessionOptions.MaxSessions)}."
            );
        }
    }

    /// <summary>Makes room. A search that found none is not repeated at once: sign-ins without end must not cost a walk through all records each.</summary>
    private void SweepForCapacity()
    {
        lock (_capacityLock)
        {
            if (_lastFruitlessSweep is { } last && _time.GetElapsedTime(last) < SweepRetryDelay)
            {
                return;
            }

            _sweep.Run(int.MaxValue, _time.GetUtcNow() - ClockTolerance.Deletion);
            _lastFruitlessSweep = _count.Value > _capacity ? _time.GetTimestamp() : null;
        }
    }

    private Session[] CreateVisitor(Session session)
    {
        AddToTable(new MemorySessionRecord(session, owner: null));
        return [];
    }

    private IReadOnlyList<Session> Create(Session session, string userKey, SessionLimit? limit)
    {
        while (true)
        {
            var owner = _owners.GetOrAdd(userKey, static key => new MemorySessionOwner(key));
            lock (owner)
            {
                if (owner.IsDetached)
                {
                    continue;
                }

                try
                {
                    return Create(session, owner, limit);
                }
                finally
                {
                    DetachIfEmpty(owner);
                }
            }
        }
    }

    private IReadOnlyList<Session> Create(Session session, MemorySessionOwner owner, SessionLimit? limit)
    {
        var evicted = limit?.GetEvicted(owner.GetLiveSessions(_time.GetUtcNow())) ?? [];

        // All sessions of a user share one text of the key.
        var record = new MemorySessionRecord(session with { UserKey = owner.UserKey }, owner);
        if (evicted.Count == 0)
        {
            Add(record, owner);
            return [];
        }

        Interlocked.Increment(ref _multiSessionChanges);
        try
        {
            Add(record, owner);
            foreach (var other in evicted)
            {
                End(_table.Find(other.Id)!);
            }

            return evicted;
        }
        finally
        {
            Interlocked.Decrement(ref _multiSessionChanges);
        }
    }

    private void Add(MemorySessionRecord record, MemorySessionOwner owner)
    {
        AddToTable(record);
        owner.Add(record);
    }

    private void AddToTable(MemorySessionRecord record)
    {
        if (!_table.TryAdd(record))
        {
            throw new DuplicateSessionException(record.Session!.Id);
        }
    }
}
