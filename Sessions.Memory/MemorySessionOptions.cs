namespace Sessions.Memory;

/// <summary>How sessions are kept in memory. Named options; checked when the host starts.</summary>
public sealed class MemorySessionOptions
{
    /// <summary>
    /// How many records may be kept, at least 1, the markers of replaced sessions included. When it is reached, what has expired is
    /// deleted; when that is not enough, creating a session fails with a <see cref="SessionStoreException"/> and nothing is lost, and
    /// expired ones are looked for again a second later. Default: not limited.
    /// </summary>
    public int? MaxSessions { get; set; }
}
