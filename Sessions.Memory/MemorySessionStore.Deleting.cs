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

        lock (record.Gate)
        {
            var session = Live(record);
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
            var live = owner.Live(_time.GetUtcNow()).ToList();
            if (except is { } spared && live.RemoveAll(session => session.Id == spared) == 0)
            {
                return new(none);
            }

            Interlocked.Increment(ref _changing);
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
                Interlocked.Decrement(ref _changing);
            }

            return new(live);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> DeleteExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_sweep.Run(limit, _time.GetUtcNow() - ClockTolerance.Deletion));
    }

    private Session? DeleteExpired(MemorySessionRecord record, DateTimeOffset expiredBy)
    {
        if (record.Session?.IsExpired(expiredBy) is not true)
        {
            return null;
        }

        lock (record.Gate)
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
            _hub.Tell(new(session.Id, SessionChangeKind.Ended));
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
            RetireIfEmpty(owner);
        }

        return true;
    }

    private void RetireIfEmpty(MemorySessionOwner owner)
    {
        if (owner.TryRetire())
        {
            _owners.TryRemove(KeyValuePair.Create(owner.UserKey, owner));
        }
    }
}
