namespace Sessions.Memory;

/// <summary>Walks all records for what has expired. Goes on where it stopped, so that many small steps cost one walk.</summary>
internal sealed class MemorySessionSweep(MemorySessionTable table, Func<MemorySessionRecord, DateTimeOffset, Session?> deleteExpired)
{
    private readonly Lock _lock = new();
    private IEnumerator<MemorySessionRecord>? _walk;

    public IReadOnlyList<Session> Run(int limit, DateTimeOffset expiredBy)
    {
        lock (_lock)
        {
            // What was added behind the place where the last step stopped is found by a second, whole walk.
            var resumed = _walk is not null;
            var deleted = new List<Session>();
            Walk(deleted, limit, expiredBy);
            if (resumed && deleted.Count < limit)
            {
                Walk(deleted, limit, expiredBy);
            }

            return deleted;
        }
    }

    private void Walk(List<Session> deleted, int limit, DateTimeOffset expiredBy)
    {
        _walk ??= table.Records.GetEnumerator();
        while (deleted.Count < limit)
        {
            if (!_walk.MoveNext())
            {
                _walk.Dispose();
                _walk = null;
                break;
            }

            if (deleteExpired(_walk.Current, expiredBy) is { } session)
            {
                deleted.Add(session);
            }
        }
    }
}
