namespace Sessions.Tests.Life;

/// <summary>What can be said of a session from outside, to compare and to print.</summary>
internal sealed record SessionSnapshot(
    SessionId Id,
    string? UserKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset SeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset EndsAt,
    string Values
)
{
    public static SessionSnapshot Create(Session session) =>
        new(
            session.Id,
            session.UserKey,
            session.CreatedAt,
            session.LastSeenAt,
            session.ExpiresAt,
            session.EndsAt,
            string.Join(' ', session.Values)
        );
}
