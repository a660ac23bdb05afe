using System.Collections.Concurrent;

namespace Sessions.Memory;

/// <summary>All records by the ids of their sessions. The records themselves are the keys, so that no entry holds an id again.</summary>
internal sealed class MemorySessionTable
{
    private readonly ConcurrentDictionary<MemorySessionRecord, byte> _records = new(new IdComparer());
    private readonly ConcurrentDictionary<MemorySessionRecord, byte>.AlternateLookup<SessionId> _byId;

    public MemorySessionTable() => _byId = _records.GetAlternateLookup<SessionId>();

    /// <summary>Those of no particular moment: what comes or goes meanwhile may be among them or not.</summary>
    public IEnumerable<MemorySessionRecord> Records => _records.Select(static entry => entry.Key);

    public MemorySessionRecord? Find(SessionId id) => _byId.TryGetValue(id, out var record, out _) ? record : null;

    /// <summary>Adds a record; false, if there is one of that id.</summary>
    public bool TryAdd(MemorySessionRecord record) => _records.TryAdd(record, default);

    /// <summary>Removes a record while it still has its id.</summary>
    public void Remove(MemorySessionRecord record) => _records.TryRemove(record, out _);

    /// <summary>
    /// What is in the table has an id. A search may still come upon a record that was just removed, and it counts as none.
    /// </summary>
    private sealed class IdComparer : IEqualityComparer<MemorySessionRecord>, IAlternateEqualityComparer<SessionId, MemorySessionRecord>
    {
        public int GetHashCode(MemorySessionRecord record) => record.Id!.Value.GetHashCode();

        public int GetHashCode(SessionId alternate) => alternate.GetHashCode();

        public bool Equals(MemorySessionRecord? x, MemorySessionRecord? y) =>
            ReferenceEquals(x, y) || (x?.Id is { } id && y is not null && Equals(id, y));

        public bool Equals(SessionId alternate, MemorySessionRecord other) => other.Id == alternate;

        public MemorySessionRecord Create(SessionId alternate) => throw new NotSupportedException("A record is added with its session.");
    }
}

/// <summary>
/// The ids in order, for the pages of all sessions. A table by hash has no order, and one that kept it would cost every sign-in: so ids are
/// sorted when a walk begins, and kept, 18 bytes each, until the memory is wanted for something else.
/// </summary>
internal sealed class MemorySortedIds(MemorySessionTable table)
{
    private readonly Lock _lock = new();
    private WeakReference<SessionId[]>? _latest;

    /// <summary>The ids of this moment at least, for the first page of a walk.</summary>
    public SessionId[] Sort()
    {
        // One at a time, so that the ids that are kept are those of the latest call. Only first pages wait here.
        lock (_lock)
        {
            var ids = table
                .Records.Select(static record => record.Session)
                .OfType<Session>()
                .Select(static session => session.Id)
                .ToArray();
            Array.Sort(ids);
            _latest = new WeakReference<SessionId[]>(ids);
            return ids;
        }
    }

    /// <summary>
    /// The ids for another page. They may have been sorted for a walk that began later: whatever has lived since this one began, was there
    /// then too.
    /// </summary>
    public SessionId[] Latest() => Volatile.Read(ref _latest)?.TryGetTarget(out var ids) is true ? ids : Sort();
}
