namespace Sessions.Stores;

/// <summary>A session in the cache.</summary>
internal sealed class CachedSession(Session session, long askedAt)
{
    private Session _session = session;

    public Session Session => Volatile.Read(ref _session);

    /// <summary>When the store was asked, by the monotonic clock.</summary>
    public long AskedAt { get; } = askedAt;

    /// <summary>Whether it was used since the cache last looked for room.</summary>
    public bool IsUsed { get; set; }

    /// <summary>
    /// Remembers that this use was written down, so that the next request does not ask for it again. The expiry stays what the store said: whether it moved is for the store
    /// to say.
    /// </summary>
    public void Seen(DateTimeOffset at)
    {
        var session = Session;
        if (at > session.LastSeenAt)
        {
            Volatile.Write(ref _session, session with { LastSeenAt = at });
        }
    }
}
