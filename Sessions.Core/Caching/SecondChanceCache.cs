using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sessions.Stores;

/// <summary>
/// A bounded table of sessions that is read without a lock. Makes room by second chance: in the order in which they came, those used since
/// the last look are passed over once. Changes take a lock.
/// </summary>
internal sealed class SecondChanceCache(int capacity)
{
    private readonly ConcurrentDictionary<SessionId, LinkedListNode<CachedSession>> _byId = new();
    private readonly LinkedList<CachedSession> _byAge = [];

    public int Count => _byAge.Count;

    public bool TryGet(SessionId id, [NotNullWhen(true)] out CachedSession? session)
    {
        session = _byId.GetValueOrDefault(id)?.Value;
        if (session is null)
        {
            return false;
        }

        // Written only where it changes: otherwise processors that read the same session invalidate each other's cache line.
        if (!session.IsUsed)
        {
            session.IsUsed = true;
        }

        return true;
    }

    public void Put(CachedSession session)
    {
        Remove(session.Session.Id);
        if (_byAge.Count >= capacity)
        {
            Evict();
        }

        _byId[session.Session.Id] = _byAge.AddLast(session);
    }

    public void Remove(SessionId id)
    {
        if (_byId.TryRemove(id, out var node))
        {
            _byAge.Remove(node);
        }
    }

    public void Clear()
    {
        _byId.Clear();
        _byAge.Clear();
    }

    private void Evict()
    {
        var node = _byAge.First!;
        while (node.Value.IsUsed)
        {
            node.Value.IsUsed = false;
            _byAge.RemoveFirst();
            _byAge.AddLast(node);
            node = _byAge.First!;
        }

        Remove(node.Value.Session.Id);
    }
}

/// <summary>A session in the cache.</summary>
internal sealed class CachedSession(Session session, long fetchStartedAt)
{
    private Session _session = session;

    public Session Session => Volatile.Read(ref _session);

    /// <summary>When the store was called, by the monotonic clock.</summary>
    public long FetchStartedAt { get; } = fetchStartedAt;

    /// <summary>Whether it was used since the cache last looked for room.</summary>
    public bool IsUsed { get; set; }

    /// <summary>
    /// Remembers that this use was written down, so that the next request does not record it again. The expiry stays what the store said:
    /// whether it moved is for the store to say.
    /// </summary>
    public void RecordUse(DateTimeOffset at)
    {
        var session = Session;
        if (at > session.LastSeenAt)
        {
            Volatile.Write(ref _session, session with { LastSeenAt = at });
        }
    }
}
