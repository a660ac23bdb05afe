namespace Sessions;

/// <summary>What became of a <see cref="SessionPatch"/>.</summary>
public enum SessionUpdateOutcome
{
    /// <summary>Every condition held; the change is stored.</summary>
    Applied = 0,

    /// <summary>The session does not exist, or no longer. Nothing was stored.</summary>
    Gone = 1,

    /// <summary>A condition of the patch did not hold. Nothing was stored.</summary>
    Conflict = 2,

    /// <summary>The values would have become larger than the limit, or the tags more than a session may have. Nothing was stored.</summary>
    TooLarge = 3,
}
