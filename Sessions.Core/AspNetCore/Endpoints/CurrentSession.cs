namespace Sessions.AspNetCore;

/// <summary>How long the session that asks has left, so that a page can warn before the end.</summary>
/// <param name="Id">The session.</param>
/// <param name="ExpiresAt">When it ends if it is not used.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
/// <param name="ExpiresInSeconds">Whole seconds until <paramref name="ExpiresAt"/>.</param>
/// <param name="EndsInSeconds">Whole seconds until <paramref name="EndsAt"/>.</param>
internal sealed record CurrentSession(
    SessionId Id,
    DateTimeOffset ExpiresAt,
    DateTimeOffset EndsAt,
    long ExpiresInSeconds,
    long EndsInSeconds
)
{
    public static CurrentSession Create(Session session, DateTimeOffset now) =>
        new(
            session.Id,
            session.ExpiresAt,
            session.EndsAt,
            (long)(session.ExpiresAt - now).TotalSeconds,
            (long)(session.EndsAt - now).TotalSeconds
        );
}
