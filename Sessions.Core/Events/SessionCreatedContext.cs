namespace Sessions;

/// <summary>A session began.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Session">The session.</param>
public sealed record SessionCreatedContext(string Name, Session Session);
