using Sessions.Stores;

namespace Sessions.Memory;

/// <content>Deleting.</content>
public sealed partial class MemorySessionStore
{
    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_table.Find(id) is not { } record)
        {
            return new((Session?)null);
        }

        lock (record.SyncRoot)
        {
            var session = GetLive(record);
            End(record, session is null ? SessionMarker.None : leaves);
            return new(session);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<Session>? none = except is null ? [] : null;
        if (!_owners.TryGetValue(userKey, out var owner))
        {
            return new(none);
        }

        lock (owner)
        {
            var live = owner.GetLiveSessions(_time.GetUtcNow());
            if (except is { } spared && live.RemoveAll(session => session.Id == spared) == 0)
            {
                return new(none);
            }

            Interlocked.Increment(ref _multiSessionChanges);
            try
            {
                foreach (var record in owner.Records)
                {
                    if (record.Session!.Id != except)
                    {
                        End(record, SessionMarker.None);
                    }
                }
            }
            finally
            {
                Interlocked.Decrement(ref _multiSessionChanges);
            }

            return new(live);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        cancellationToken.ThrowIfCancellationRequested();
        var ended = new List<Session>();
        foreach (var record in _tags.Find(tag))
        {
            lock (record.SyncRoot)
            {
                if (GetLive(record) is { } session)
                {
                    ended.Add(session);
                }

                End(record, SessionMarker.None);
            }
        }

        ended.Sort(SessionOrder.OldestFirst);
        return new(ended);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_sweep.Run(maxCount, _time.GetUtcNow() - ClockTolerance.Deletion));
    }

    private Session? DeleteExpired(MemorySessionRecord record, DateTimeOffset expiredBy)
    {
        if (!IsExpired(record, expiredBy))
        {
            return null;
        }

        lock (record.SyncRoot)
        {
            // Compared again under the lock: a touch may have extended it meanwhile.
            if (!IsExpired(record, expiredBy))
            {
                return null;
            }

            var session = record.Session;
            Delete(record);
            return session;
        }
    }

    private static bool IsExpired(MemorySessionRecord record, DateTimeOffset expiredBy) =>
        record.Session?.IsExpired(expiredBy) ?? record.Marker?.IsExpired(expiredBy) ?? false;

    /// <summary>Ends a session before its time. The caller holds its lock.</summary>
    private void End(MemorySessionRecord record, SessionMarker leaves)
    {
        if (record.Session is not { } session)
        {
            return;
        }

        if (leaves == SessionMarker.None)
        {
            Delete(record);
        }
        else
        {
            // The record stays in the table, under the same id.
            record.Leave(new MemorySessionMarker(session.Id, leaves, _time.GetUtcNow()));
            Unlink(record, session);
        }

        _broker.Publish(new() { Id = session.Id, Kind = SessionChangeKind.Ended });
    }

    /// <summary>Deletes a record, of a session or of a marker. The caller holds its lock.</summary>
    private void Delete(MemorySessionRecord record)
    {
        // In this order: the table finds it by its id.
        var session = record.Session;
        _table.Remove(record);
        record.Delete();
        _count.Decrement();
        if (session is not null)
        {
            Unlink(record, session);
        }
    }

    /// <summary>A session that has ended is no longer found by its tags and its user.</summary>
    private void Unlink(MemorySessionRecord record, Session session)
    {
        _tags.Remove(session.Tags, record);
        if (record.Owner is { } owner)
        {
            owner.Remove(record);
            DetachIfEmpty(owner);
        }
    }

    private void DetachIfEmpty(MemorySessionOwner owner)
    {
        if (owner.TryDetach())
        {
            _owners.TryRemove(KeyValuePair.Create(owner.UserKey, owner));
        }
    }
}
