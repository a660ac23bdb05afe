using Sessions.Stores;

namespace Sessions.Memory;

/// <content>Creating, within the capacity of the store and the limit of the user.</content>
public sealed partial class MemorySessionStore
{
    private static readonly TimeSpan SweepRetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _capacityLock = new();
    private long? _lastFruitlessSweep;

    /// <inheritdoc />
    public ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        ReserveCapacity();
        try
        {
            return new(session.UserKey is null ? CreateVisitor(session) : Create(session, session.UserKey, limit, replaces));
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

    /// <summary>
    /// Makes room. A search that found none is not repeated at once: sign-ins without end must not cost a walk through all records each.
    /// </summary>
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

    private SessionCreation CreateVisitor(Session session)
    {
        var record = new MemorySessionRecord(session, owner: null);
        lock (record.SyncRoot)
        {
            AddToTable(record);
        }

        return new();
    }

    private SessionCreation Create(Session session, string userKey, SessionLimit? limit, SessionId? replaces)
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
                    return Create(session, owner, limit, replaces);
                }
                finally
                {
                    DetachIfEmpty(owner);
                }
            }
        }
    }

    private SessionCreation Create(Session session, MemorySessionOwner owner, SessionLimit? limit, SessionId? replaces)
    {
        if (_table.Find(session.Id) is not null)
        {
            throw new DuplicateSessionException(session.Id);
        }

        var now = _time.GetUtcNow();
        var replaced =
            replaces is { } id && _table.Find(id) is { } held && held.Owner == owner && held.Session.IfLive(now) is { } live ? live : null;

        // Most users are far from the limit, and their sessions need not be looked at.
        var isBelowLimit = limit is null || owner.Count < limit.Max;
        var evicted = isBelowLimit ? [] : limit!.GetEvicted(session, owner.FindLiveSessions(now).Where(other => other.Id != replaced?.Id));

        // All sessions of a user share one text of the key.
        var record = new MemorySessionRecord(session with { UserKey = owner.UserKey }, owner);
        if (evicted.Count == 0 && replaced is null)
        {
            Add(record, owner);
            return new();
        }

        Interlocked.Increment(ref _multiSessionChanges);
        try
        {
            Add(record, owner);
            foreach (var other in evicted)
            {
                End(_table.Find(other.Id)!, SessionMarker.None);
            }

            if (replaced is not null)
            {
                End(_table.Find(replaced.Id)!, SessionMarker.Replaced);
            }

            return new() { Evicted = evicted, Replaced = replaced };
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

    /// <summary>The caller holds the lock of the record: what finds it by a tag waits until it is in its owner's list, too.</summary>
    private void AddToTable(MemorySessionRecord record)
    {
        var session = record.Session!;
        if (!_table.TryAdd(record))
        {
            throw new DuplicateSessionException(session.Id);
        }

        _tags.Add(session.Tags, record);
    }
}
