namespace Sessions;

/// <summary>How many live sessions one user may have. Visitors have no limit.</summary>
public sealed record SessionLimit
{
    /// <summary>At least 1, the new session included.</summary>
    public required int Max { get; init; }

    /// <summary>What to do with one too many.</summary>
    public required SessionLimitPolicy Policy { get; init; }
}
