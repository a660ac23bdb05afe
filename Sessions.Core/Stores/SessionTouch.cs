namespace Sessions.Stores;

/// <summary>Moves a session's last use and expiry forward, never back, and the expiry never past the session's absolute end.</summary>
public readonly record struct SessionTouch
{
    /// <summary>Which session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>When it was used. An earlier instant than the recorded one changes nothing.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>
    /// Until when it lives now. An earlier instant than the recorded one changes nothing. The store cuts a later one than
    /// <see cref="Session.EndsAt"/> to that: the end may have moved since the caller read the session.
    /// </summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The meaning of a touch, once for all stores: what a live session becomes. The same object, when nothing changes.</summary>
    public Session ApplyTo(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (seen, expires) = (Instant.To(Instant.From(LastSeenAt)), Instant.To(Instant.From(ExpiresAt)));
        expires = expires > session.EndsAt ? session.EndsAt : expires;
        return seen <= session.LastSeenAt && expires <= session.ExpiresAt
            ? session
            : session with
            {
                LastSeenAt = seen > session.LastSeenAt ? seen : session.LastSeenAt,
                ExpiresAt = expires > session.ExpiresAt ? expires : session.ExpiresAt,
            };
    }
}
