namespace Sessions;

/// <summary>A session got a new secret.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Session">The session.</param>
public sealed record SessionRotatedContext(string Name, Session Session);
