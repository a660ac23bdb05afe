namespace Sessions;

/// <summary>A session that has just begun, with the one copy of its token.</summary>
/// <param name="Session">The session.</param>
/// <param name="Token">What the client must be given; it cannot be had again.</param>
/// <param name="Evicted">The user's sessions that the limit ended for it, oldest first.</param>
public sealed record IssuedSession(Session Session, SessionToken Token, IReadOnlyList<Session> Evicted);
