using System.Collections.Concurrent;
using Sessions.Stores;

namespace Sessions.Memory;

/// <summary>
/// Keeps sessions in the memory of this process: they are gone when it ends. Lookups take no shared lock; everything else takes its owner's.
/// </summary>
public sealed partial class MemorySessionStore : ISweepableSessionStore, ISessionDirectory, ISessionChangeFeed
{
    private readonly ConcurrentDictionary<SessionId, MemorySessionRecord> _records = new();
    private readonly ConcurrentDictionary<string, MemorySessionOwner> _owners = new(StringComparer.Ordinal);
    private readonly MemorySessionSweep _sweep;
    private readonly MemorySessionOrder _order;
    private readonly SessionChangeHub _hub;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private int _count;

    /// <summary>An empty store.</summary>
    /// <param name="options">Copied; null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public MemorySessionStore(MemorySessionOptions? options = null, TimeProvider? time = null)
    {
        options ??= new MemorySessionOptions();
        if (!options.IsValid)
        {
            throw new SessionConfigurationException(MemorySessionOptions.Rule);
        }

        _time = time ?? TimeProvider.System;
        _capacity = options.MaxSessions ?? int.MaxValue;
        _sweep = new MemorySessionSweep(_records, DeleteExpired);
        _order = new MemorySessionOrder(_records);
        _hub = SessionChangeHub.InProcess(_time);
    }

    /// <inheritdoc />
    public SessionFeedStatus FeedStatus => _hub.Status;

    /// <inheritdoc />
    public IDisposable Subscribe(ISessionChangeListener listener) => _hub.Subscribe(listener);

    /// <inheritdoc />
    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(id));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_owners.TryGetValue(userKey, out var owner))
        {
            return new([]);
        }

        lock (owner)
        {
            return new(owner.Live(_time.GetUtcNow()).ToList());
        }
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_records.TryGetValue(id, out var record))
        {
            return new(SessionUpdate.Gone);
        }

        lock (record.Gate)
        {
            if (Live(record) is not { } session)
            {
                return new(SessionUpdate.Gone);
            }

            var update = patch.ApplyTo(session);
            record.Replace(update.Session!);
            if (update.Outcome == SessionUpdateOutcome.Applied && patch.IsTold)
            {
                _hub.Tell(new(id, SessionChangeKind.Changed));
            }

            return new(update);
        }
    }

    /// <inheritdoc />
    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var touch in touches)
        {
            if (_records.TryGetValue(touch.Id, out var record))
            {
                lock (record.Gate)
                {
                    if (Live(record) is { } session)
                    {
                        record.Replace(touch.ApplyTo(session));
                    }
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_records.TryGetValue(id, out var record))
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

            foreach (var record in owner.Records)
            {
                if (record.Id != except)
                {
                    End(record);
                }
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

    private Session? Find(SessionId id)
    {
        if (!_records.TryGetValue(id, out var record))
        {
            return null;
        }

        lock (record.Gate)
        {
            return Live(record);
        }
    }

    private Session? Live(MemorySessionRecord record) =>
        record.Session is { } session && !session.IsExpired(_time.GetUtcNow()) ? session : null;

    private Session? DeleteExpired(MemorySessionRecord record, DateTimeOffset expiredBy)
    {
        lock (record.Gate)
        {
            // Looked at again under the lock: it may have slid meanwhile.
            return record.Session is { } session && session.IsExpired(expiredBy) && Delete(record) ? session : null;
        }
    }

    /// <summary>Deletes a record before its time. The caller holds its lock.</summary>
    private void End(MemorySessionRecord record)
    {
        if (Delete(record))
        {
            _hub.Tell(new(record.Id, SessionChangeKind.Ended));
        }
    }

    /// <summary>Deletes a record, once. The caller holds its lock.</summary>
    private bool Delete(MemorySessionRecord record)
    {
        if (record.Session is null)
        {
            return false;
        }

        record.Delete();
        _records.TryRemove(record.Id, out _);
        Interlocked.Decrement(ref _count);
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
