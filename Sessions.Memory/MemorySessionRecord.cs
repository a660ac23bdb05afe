using Sessions.Stores;

namespace Sessions.Memory;

/// <summary>
/// A stored session, linked to the others of its owner, or the marker that it left. It is changed under the owner's lock, and so is the
/// place in the list; it is read without.
/// </summary>
internal sealed class MemorySessionRecord(Session session, MemorySessionOwner? owner)
{
    // A session, a marker, or null once it is deleted.
    private volatile object? _content = session;

    /// <summary>The latest; null once it has ended.</summary>
    public Session? Session => _content as Session;

    /// <summary>What the session left; null: there is a session, or it left nothing.</summary>
    public MemorySessionMarker? Marker => _content as MemorySessionMarker;

    /// <summary>The id; null once the record is deleted.</summary>
    public SessionId? Id =>
        _content switch
        {
            Session session => session.Id,
            MemorySessionMarker marker => marker.Id,
            _ => null,
        };

    public MemorySessionOwner? Owner { get; } = owner;

    public MemorySessionRecord? Previous { get; set; }

    public MemorySessionRecord? Next { get; set; }

    /// <summary>The lock. A visitor's session is alone, and its own lock.</summary>
    public object SyncRoot => (object?)Owner ?? this;

    public void Replace(Session session) => _content = session;

    public void Leave(MemorySessionMarker marker) => _content = marker;

    public void Delete() => _content = null;
}

/// <summary>What a session left when it ended.</summary>
internal sealed class MemorySessionMarker(SessionId id, SessionMarker marker, DateTimeOffset endedAt)
{
    public SessionId Id { get; } = id;

    public SessionMarker Marker { get; } = marker;

    public bool IsExpired(DateTimeOffset now) => now >= endedAt + SessionMarkerLifetime.Duration;
}
