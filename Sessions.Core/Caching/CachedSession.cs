namespace Sessions.Stores;

/// <summary>A session in the cache.</summary>
internal sealed class CachedSession(Session session, long fetchStartedAt)
{
    private Session _session = session;

    public Session Session => Volatile.Read(ref _session);

    /// <summary>When the store was asked, by the monotonic clock.</summary>
    public long FetchStartedAt { get; } = fetchStartedAt;

    /// <summary>Whether it was used since the cache last looked for room.</summary>
    public bool IsUsed { get; set; }

    /// <summary>
    /// Remembers that this use was written down, so that the next request does not ask for it again. The expiry stays what the store said: whether it moved is for the store
    /// to say.
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
