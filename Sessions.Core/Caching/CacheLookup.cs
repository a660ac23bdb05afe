namespace Sessions.Stores;

/// <summary>What the store said of a session, or was asked by somebody else.</summary>
/// <param name="Session">The session; null: there is none.</param>
/// <param name="IsFromStore">Whether the store was asked after the question came up. If not, it may only be used to say yes.</param>
internal readonly record struct CacheLookup(Session? Session, bool IsFromStore);
