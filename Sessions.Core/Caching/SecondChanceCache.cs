using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sessions.Stores;

/// <summary>
/// A bounded table of sessions that is read without a lock. Makes room by second chance: in the order in which they came, those used since
/// the last look are passed over once. Changes take a lock.
/// </summary>
internal sealed class SecondChanceCache(int capacity, long maxBytes)
{
    private readonly ConcurrentDictionary<SessionId, LinkedListNode<CachedSession>> _byId = new();
    private readonly LinkedList<CachedSession> _byAge = [];

    public int Count => _byAge.Count;

    /// <summary>About how many bytes of memory the sessions take.</summary>
    public long Bytes { get; private set; }

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
        if (session.Bytes > maxBytes)
        {
            return;
        }

        while (_byAge.Count >= capacity || Bytes + session.Bytes > maxBytes)
        {
            Evict();
        }

        _byId[session.Session.Id] = _byAge.AddLast(session);
        Bytes += session.Bytes;
    }

    public void Remove(SessionId id)
    {
        if (_byId.TryRemove(id, out var node))
        {
            _byAge.Remove(node);
            Bytes -= node.Value.Bytes;
        }
    }

    public void Clear()
    {
        _byId.Clear();
        _byAge.Clear();
        Bytes = 0;
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
    // Measured: a session without values, with its entries in table and list.
    private const int BytesOfSession = 800;
    private const int BytesOfValue = 100;
    private const int BytesOfCharacter = sizeof(char);

    private Session _session = session;

    public Session Session => Volatile.Read(ref _session);

    /// <summary>When the store was called, by the monotonic clock.</summary>
    public long FetchStartedAt { get; } = fetchStartedAt;

    /// <summary>About how many bytes of memory it takes. A text takes two for each character.</summary>
    public long Bytes { get; } =
        BytesOfSession
        + (BytesOfCharacter * (session.Values.ByteCount + (long)(session.UserKey?.Length ?? 0)))
        + (BytesOfValue * (session.Values.Count + (long)session.Tags.Count))
        + session.Tags.Sum(static tag => BytesOfCharacter * ((long)tag.Name.Length + tag.Value.Length));

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
