namespace Sessions;

/// <summary>A client is not the one that the session is bound to.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Session">The session.</param>
/// <param name="Client">Who called.</param>
public sealed record SessionClientChangedContext(string Name, Session Session, ClientInfo Client);
