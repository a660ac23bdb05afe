namespace Sessions.Memory;

/// <summary>A stored session, linked to the others of its owner. Everything but the id is read and changed under the owner's lock.</summary>
internal sealed class MemorySessionRecord
{
    public MemorySessionRecord(Session session, MemorySessionOwner? owner)
    {
        Id = session.Id;
        Session = session;
        Owner = owner;
    }

    public SessionId Id { get; }

    /// <summary>Null once it is deleted.</summary>
    public Session? Session { get; set; }

    public MemorySessionOwner? Owner { get; }

    public MemorySessionRecord? Previous { get; set; }

    public MemorySessionRecord? Next { get; set; }

    /// <summary>The lock. A visitor's session is alone, and its own lock.</summary>
    public object Gate => (object?)Owner ?? this;
}
