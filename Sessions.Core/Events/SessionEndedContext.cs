namespace Sessions;

/// <summary>A session was ended.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Session">The session as it was last stored.</param>
/// <param name="Reason">Why, and thereby by whom.</param>
/// <param name="Actor">The session that asked for it; null when none did.</param>
public sealed record SessionEndedContext(string Name, Session Session, SessionEndReason Reason, SessionId? Actor = null);
