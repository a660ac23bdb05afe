using System.Collections.Concurrent;

namespace Sessions.Memory;

/// <summary>Walks all records for what has expired. Goes on where it stopped, so that many small steps cost one walk.</summary>
internal sealed class MemorySessionSweep(
    ConcurrentDictionary<SessionId, MemorySessionRecord> records,
    Func<MemorySessionRecord, DateTimeOffset, bool> tryDelete
)
{
    private readonly Lock _lock = new();
    private IEnumerator<KeyValuePair<SessionId, MemorySessionRecord>>? _walk;

    public int Run(int limit, DateTimeOffset expiredBy)
    {
        lock (_lock)
        {
            // What was added behind the place where the last step stopped is found by a second, whole walk.
            var resumed = _walk is not null;
            var deleted = Walk(limit, expiredBy);
            return resumed && deleted < limit ? deleted + Walk(limit - deleted, expiredBy) : deleted;
        }
    }

    private int Walk(int limit, DateTimeOffset expiredBy)
    {
        _walk ??= records.GetEnumerator();
        var deleted = 0;
        while (deleted < limit)
        {
            if (!_walk.MoveNext())
            {
                _walk.Dispose();
                _walk = null;
                break;
            }

            if (tryDelete(_walk.Current.Value, expiredBy))
            {
                deleted++;
            }
        }

        return deleted;
    }
}
