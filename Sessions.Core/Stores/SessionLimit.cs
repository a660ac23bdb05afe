namespace Sessions;

/// <summary>How many live sessions one user may have. Visitors have no limit.</summary>
/// <param name="Max">At least 1, the new session included.</param>
/// <param name="Policy">What to do with one too many.</param>
public sealed record SessionLimit(int Max, SessionLimitPolicy Policy);
