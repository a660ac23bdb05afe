namespace Sessions;

/// <summary>
/// What today's options allow living sessions. A store keeps the ends that a session began with; options that became stricter since reach
/// it here, at each reading.
/// </summary>
internal sealed class LifetimePolicy(SessionUpOptions options)
{
    /// <summary>
    /// The session with the ends that it has today: the same object where nothing changes. A lifetime that the call set is capped only by
    /// <see cref="SessionUpOptions.MaxLifetime"/> and the assurance level.
    /// </summary>
    public Session Apply(Session session)
    {
        var endsAt = GetEnd(session);
        var idleTimeout = GetIdleTimeout(session);
        var expiresAt = Min(session.ExpiresAt, endsAt);

        // Under the idle time that it began with the store's expiry is exact, and the last use is written more rarely.
        if (idleTimeout is { } idle && !(session.IdleTimeout <= idle))
        {
            expiresAt = Min(expiresAt, GetLastUse(session) + idle);
        }

        return endsAt == session.EndsAt && expiresAt == session.ExpiresAt && idleTimeout == session.IdleTimeout
            ? session
            : session with
            {
                EndsAt = endsAt,
                ExpiresAt = expiresAt,
                IdleTimeout = idleTimeout,
            };
    }

    /// <summary>The end that a caller wants, as far as the options allow.</summary>
    /// <param name="userKey">Whose session it is; null: a visitor's, which no assurance level is about.</param>
    /// <param name="endsAt">What the caller wants.</param>
    /// <param name="begun">When the session began, or its user authenticated again.</param>
    public DateTimeOffset CapEnd(string? userKey, DateTimeOffset endsAt, DateTimeOffset begun)
    {
        var end = options.MaxLifetime is { } max ? Min(endsAt, begun + max) : endsAt;
        return userKey is null ? end : options.Assurance?.CapEnd(end, begun) ?? end;
    }

    /// <summary>When a session ends whose user authenticates again now.</summary>
    public DateTimeOffset GetEndAfterProof(Session session, DateTimeOffset now)
    {
        var lifetime = session.HasCustomLifetime ? session.EndsAt - GetBeginning(session) : GetLifetime(session);
        return CapEnd(session.UserKey, now + lifetime, now);
    }

    private DateTimeOffset GetEnd(Session session)
    {
        var begun = GetBeginning(session);
        var end = session.HasCustomLifetime ? session.EndsAt : Min(session.EndsAt, begun + GetLifetime(session));
        return CapEnd(session.UserKey, end, begun);
    }

    private TimeSpan? GetIdleTimeout(Session session) =>
        !session.HasCustomLifetime ? options.IdleTimeout
        : session.UserKey is not null && options is { Assurance: not null, IdleTimeout: { } idle } && !(session.IdleTimeout < idle) ? idle
        : session.IdleTimeout;

    private TimeSpan GetLifetime(Session session) =>
        session.UserKey is null ? options.VisitorLifetime : options.Lifetime ?? SessionUpOptions.DefaultLifetime;

    private static DateTimeOffset GetBeginning(Session session) =>
        session.AuthenticatedAt is { } at && at > session.CreatedAt ? at : session.CreatedAt;

    // A proof is a use, and is not written as one.
    private static DateTimeOffset GetLastUse(Session session) =>
        session.AuthenticatedAt is { } at && at > session.LastSeenAt ? at : session.LastSeenAt;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
