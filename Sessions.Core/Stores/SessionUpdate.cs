namespace Sessions;

/// <summary>What became of a <see cref="SessionPatch"/>.</summary>
public sealed record SessionUpdate
{
    /// <summary>The session does not exist, or no longer.</summary>
    public static SessionUpdate Gone { get; } = new(SessionUpdateOutcome.Gone);

    /// <summary>An outcome with the session that goes with it.</summary>
    public SessionUpdate(SessionUpdateOutcome outcome, Session? session = null, SessionValues? removed = null)
    {
        (Outcome, Session, Removed) = (outcome, session, removed ?? SessionValues.Empty);
    }

    /// <summary>Whether it was applied, and if not, why.</summary>
    public SessionUpdateOutcome Outcome { get; }

    /// <summary>The session as it is stored now, changed or not; null when it is gone.</summary>
    public Session? Session { get; }

    /// <summary>The values that were removed, with what they held. Of two that remove one key, one gets it.</summary>
    public SessionValues Removed { get; }
}
