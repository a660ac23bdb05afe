namespace Sessions.Memory;

/// <summary>
/// A stored session, linked to the others of its owner. It is changed under the owner's lock, and so is the place in the list; the session is read without.
/// </summary>
internal sealed class MemorySessionRecord(Session session, MemorySessionOwner? owner)
{
    private volatile Session? _session = session;

    /// <summary>The latest; null once it is deleted.</summary>
    public Session? Session => _session;

    public MemorySessionOwner? Owner { get; } = owner;

    public MemorySessionRecord? Previous { get; set; }

    public MemorySessionRecord? Next { get; set; }

    /// <summary>The lock. A visitor's session is alone, and its own lock.</summary>
    public object SyncRoot => (object?)Owner ?? this;

    public void Replace(Session session) => _session = session;

    public void Delete() => _session = null;
}
