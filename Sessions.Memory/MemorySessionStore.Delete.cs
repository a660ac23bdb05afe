using Sessions.Stores;

namespace Sessions.Memory;

/// <content>Deleting.</content>
public sealed partial class MemorySessionStore
{
    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_table.Find(id) is not { } record)
        {
            return new((Session?)null);
        }

        lock (record.SyncRoot)
        {
            var session = GetLive(record);
            End(record);
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
                        End(record);
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
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_sweep.Run(maxCount, _time.GetUtcNow() - ClockTolerance.Deletion));
    }

    private Session? DeleteExpired(MemorySessionRecord record, DateTimeOffset expiredBy)
    {
        if (record.Session?.IsExpired(expiredBy) is not true)
        {
            return null;
        }

        lock (record.SyncRoot)
        {
            // Looked at again under the lock: it may have slid meanwhile.
            return record.Session is { } session && session.IsExpired(expiredBy) && Delete(record) ? session : null;
        }
    }

    /// <summary>Deletes a record before its time. The caller holds its lock.</summary>
    private void End(MemorySessionRecord record)
    {
        if (record.Session is { } session && Delete(record))
        {
            _broker.Publish(new() { Id = session.Id, Kind = SessionChangeKind.Ended });
        }
    }

    /// <summary>Deletes a record, once. The caller holds its lock.</summary>
    private bool Delete(MemorySessionRecord record)
    {
        if (record.Session is null)
        {
            return false;
        }

        // In this order: the table finds it by its session.
        _table.Remove(record);
        record.Delete();
        _count.Decrement();
        if (record.Owner is { } owner)
        {
            owner.Remove(record);
            DetachIfEmpty(owner);
        }

        return true;
    }

    private void DetachIfEmpty(MemorySessionOwner owner)
    {
        if (owner.TryDetach())
        {
            _owners.TryRemove(KeyValuePair.Create(owner.UserKey, owner));
        }
    }
}
