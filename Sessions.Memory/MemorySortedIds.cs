namespace Sessions.Memory;

/// <summary>
/// The ids in order, for whoever walks through all sessions. A table by hash has no order, and one that kept it would cost every sign-in: so ids are sorted when a walk
/// begins, and kept, 18 bytes each, until the memory is wanted for something else.
/// </summary>
internal sealed class MemorySortedIds(MemorySessionTable table)
{
    private readonly Lock _lock = new();
    private WeakReference<SessionId[]>? _latest;

    /// <summary>The ids of this moment at least, for the first page of a walk.</summary>
    public SessionId[] Sort()
    {
        // One after the other: what is kept must have been begun last. Nobody but walks waits here.
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
    /// The ids for another page. They may have been sorted for a walk that began later: whatever has lived since this one began, was there then too.
    /// </summary>
    public SessionId[] Latest() => Volatile.Read(ref _latest)?.TryGetTarget(out var ids) is true ? ids : Sort();
}
