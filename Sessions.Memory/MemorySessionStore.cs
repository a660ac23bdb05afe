using System.Collections.Concurrent;
using Sessions.Stores;

namespace Sessions.Memory;

/// <summary>
/// Keeps sessions in the memory of this process: they are gone when it ends. Lookups take no lock, unless a call that changes several
/// sessions at once is under way; everything else takes its owner's.
/// </summary>
public sealed partial class MemorySessionStore : ISessionStore
{
    private readonly MemorySessionTable _table = new();
    private readonly ConcurrentDictionary<string, MemorySessionOwner> _owners = new(StringComparer.Ordinal);
    private readonly MemorySessionTags _tags = new();
    private readonly MemorySessionSweep _sweep;
    private readonly MemorySortedIds _sortedIds;
    private readonly ChangeFeedBroker _broker;
    private readonly TimeProvider _time;
    private readonly int _capacity;

    // How many calls that change several sessions of a user at once are under way.
    private int _multiSessionChanges;
    private MemorySessionCounter _count;

    /// <summary>An empty store.</summary>
    /// <param name="options">Copied; null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public MemorySessionStore(MemorySessionOptions? options = null, TimeProvider? time = null)
    {
        options ??= new MemorySessionOptions();
        new MemorySessionOptionsValidator().ThrowIfInvalid(options);
        _time = time ?? TimeProvider.System;
        _capacity = options.MaxSessions ?? int.MaxValue;
        _sweep = new MemorySessionSweep(_table, DeleteExpired);
        _sortedIds = new MemorySortedIds(_table);
        _broker = ChangeFeedBroker.CreateInProcess(_time);
    }

    /// <inheritdoc />
    public ISessionChangeFeed ChangeFeed => _broker;

    /// <inheritdoc />
    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(id));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(userKey);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_owners.TryGetValue(userKey, out var owner))
        {
            return new([]);
        }

        List<Session> live;
        lock (owner)
        {
            live = owner.GetLiveSessions(_time.GetUtcNow());
        }

        return new(valueKeys is null ? live : live.ConvertAll(session => session.WithValues(valueKeys)));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        cancellationToken.ThrowIfCancellationRequested();
        var changing = Volatile.Read(ref _multiSessionChanges) != 0;
        var sessions = _tags.Find(tag).Select(record => Read(record, changing).Session).OfType<Session>().ToList();
        sessions.Sort(SessionOrder.OldestFirst);
        return new(sessions);
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        cancellationToken.ThrowIfCancellationRequested();
        if (_table.Find(id) is not { } record)
        {
            return new(SessionUpdate.Gone);
        }

        lock (record.SyncRoot)
        {
            if (GetLive(record) is not { } session)
            {
                return new(SessionUpdate.Gone);
            }

            var update = patch.ApplyTo(session);
            record.Replace(update.Session!);
            if (update.Outcome == SessionUpdateOutcome.Applied)
            {
                _tags.Add(patch.Tags, record);
            }

            if (update.Outcome == SessionUpdateOutcome.Applied && patch.IsPublished)
            {
                _broker.Publish(new() { Id = id, Kind = SessionChangeKind.Changed });
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
            if (_table.Find(touch.Id) is { } record)
            {
                lock (record.SyncRoot)
                {
                    if (GetLive(record) is { } session)
                    {
                        record.Replace(touch.ApplyTo(session));
                    }
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A live session, or what it left.</summary>
    /// <remarks>
    /// A caller that has read one session after a change of several must not read another as it was before. So this method checks before it
    /// reads the session whether such a change is under way. If none is, no caller can have read a part of a later change: the call counts
    /// as made before that change or after it. If one is, the user's lock is waited for, in case it is one of this user.
    /// </remarks>
    private SessionLookup Find(SessionId id)
    {
        var changing = Volatile.Read(ref _multiSessionChanges) != 0;
        return _table.Find(id) is { } record ? Read(record, changing) : default;
    }

    private SessionLookup Read(MemorySessionRecord record, bool changing)
    {
        if (!changing)
        {
            return Read(record);
        }

        lock (record.SyncRoot)
        {
            return Read(record);
        }
    }

    private SessionLookup Read(MemorySessionRecord record)
    {
        // The clock is read first: with a later clock, a session that was touched between the two reads would count as expired.
        var now = _time.GetUtcNow();
        if (record.Session is { } session)
        {
            return session.IfLive(now);
        }

        return record.Marker is { } marker && !marker.IsExpired(now) ? new SessionLookup { Marker = marker.Marker } : default;
    }

    private Session? GetLive(MemorySessionRecord record) => Read(record).Session;
}
