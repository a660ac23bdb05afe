namespace Sessions.Memory;

/// <summary>Walks all records for what has expired. Goes on where it stopped, so that many small steps cost one walk.</summary>
internal sealed class MemorySessionSweep(MemorySessionTable table, Func<MemorySessionRecord, DateTimeOffset, Session?> deleteExpired)
{
    private readonly Lock _lock = new();
    private IEnumerator<MemorySessionRecord>? _enumerator;

    public IReadOnlyList<Session> Run(int limit, DateTimeOffset expiredBy)
    {
        lock (_lock)
        {
            // A resumed enumeration misses records that were added behind its place; a second, whole one finds them.
            var resumed = _enumerator is not null;
            var deleted = new List<Session>();
            CollectExpired(deleted, limit, expiredBy);
            if (resumed && deleted.Count < limit)
            {
                CollectExpired(deleted, limit, expiredBy);
            }

            return deleted;
        }
    }

    private void CollectExpired(List<Session> deleted, int limit, DateTimeOffset expiredBy)
    {
        _enumerator ??= table.Records.GetEnumerator();
        while (deleted.Count < limit)
        {
            if (!_enumerator.MoveNext())
            {
                _enumerator.Dispose();
                _enumerator = null;
                break;
            }

            if (deleteExpired(_enumerator.Current, expiredBy) is { } session)
            {
                deleted.Add(session);
            }
        }
    }
}
