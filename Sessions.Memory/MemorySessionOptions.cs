namespace Sessions.Memory;

/// <summary>How sessions are kept in memory.</summary>
public sealed class MemorySessionOptions
{
    /// <summary>
    /// How many records may be kept, at least 1. When it is reached, what has expired is deleted; when that is not enough, creating a session fails with a
    /// <see cref="SessionStoreException"/> and nothing is lost, and expired ones are looked for again a second later. Default: not limited.
    /// </summary>
    public int? MaxSessions { get; set; }

    internal const string Rule = "MaxSessions is less than 1; set it to 1 or more, or leave it out.";

    internal bool IsValid => MaxSessions is null or >= 1;
}
