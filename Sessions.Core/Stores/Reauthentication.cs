namespace Sessions.Stores;

/// <summary>The user proved again who he is: the one thing that moves the absolute end of a session.</summary>
/// <param name="At">When, in whole milliseconds. Becomes <see cref="Session.AuthenticatedAt"/>.</param>
/// <param name="Method">How. Becomes <see cref="Session.AuthenticationMethod"/>, null included.</param>
/// <param name="ExpiresAt">The new expiry, not after <paramref name="EndsAt"/>.</param>
/// <param name="EndsAt">The new absolute end.</param>
public sealed record Reauthentication(DateTimeOffset At, string? Method, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt)
{
    internal Session ApplyTo(Session session) =>
        session with
        {
            AuthenticatedAt = At,
            AuthenticationMethod = Method,
            ExpiresAt = ExpiresAt,
            EndsAt = EndsAt,
        };
}
