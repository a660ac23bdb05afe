namespace Sessions.Memory;

/// <summary>The records by the tags of their sessions. Its lock is taken inside a record's, and nothing is waited for inside it.</summary>
internal sealed class MemorySessionTags
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionTag, HashSet<MemorySessionRecord>> _records = [];

    public void Add(SessionTags tags, MemorySessionRecord record)
    {
        if (tags.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var tag in tags)
            {
                if (!_records.TryGetValue(tag, out var records))
                {
                    _records[tag] = records = [];
                }

                records.Add(record);
            }
        }
    }

    public void Remove(SessionTags tags, MemorySessionRecord record)
    {
        if (tags.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var tag in tags)
            {
                if (_records.TryGetValue(tag, out var records) && records.Remove(record) && records.Count == 0)
                {
                    _records.Remove(tag);
                }
            }
        }
    }

    /// <summary>The records of this moment.</summary>
    public MemorySessionRecord[] Find(SessionTag tag)
    {
        lock (_lock)
        {
            return _records.TryGetValue(tag, out var records) ? [.. records] : [];
        }
    }
}
