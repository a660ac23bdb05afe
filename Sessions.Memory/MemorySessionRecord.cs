namespace Sessions.Memory;

/// <summary>A stored session, linked to the others of its owner. Everything but the id is read and changed under the owner's lock.</summary>
internal sealed class MemorySessionRecord(Session session, MemorySessionOwner? owner)
{
    // The latest, also once it is deleted: the record is still to be found for a moment by its id.
    private Session _session = session;
    private bool _isDeleted;

    public SessionId Id => _session.Id;

    /// <summary>Null once it is deleted.</summary>
    public Session? Session => _isDeleted ? null : _session;

    public MemorySessionOwner? Owner { get; } = owner;

    public MemorySessionRecord? Previous { get; set; }

    public MemorySessionRecord? Next { get; set; }

    /// <summary>The lock. A visitor's session is alone, and its own lock.</summary>
    public object Gate => (object?)Owner ?? this;

    public void Replace(Session session) => _session = session;

    public void Delete() => _isDeleted = true;
}
