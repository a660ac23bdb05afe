namespace Sessions.Stores;

/// <summary>What a store tells of a session.</summary>
/// <param name="Id">Which session.</param>
/// <param name="Kind">What happened to it.</param>
public readonly record struct SessionChange(SessionId Id, SessionChangeKind Kind);
