namespace Sessions;

/// <summary>What became of a <see cref="SessionPatch"/>.</summary>
public sealed record SessionUpdate
{
    /// <summary>The session does not exist, or no longer.</summary>
    public static SessionUpdate Gone { get; } = new() { Outcome = SessionUpdateOutcome.Gone };

    /// <summary>Whether it was applied, and if not, why.</summary>
    public required SessionUpdateOutcome Outcome { get; init; }

    /// <summary>The session as it is stored now, changed or not. Null, the default: it is gone.</summary>
    public Session? Session { get; init; }

    /// <summary>The values that were removed, with what they held. Of two that remove one key, one gets it. Default: none.</summary>
    public SessionValues Removed { get; init; } = SessionValues.Empty;
}
