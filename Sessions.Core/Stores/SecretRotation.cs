namespace Sessions.Stores;

/// <summary>Replaces the secret of a session. The lineage stays.</summary>
/// <param name="Expected">The hash that must be the current one; otherwise somebody else was faster, and nothing changes.</param>
/// <param name="Next">The hash of the new secret.</param>
/// <param name="Previous">
/// The hash that stays good until the client has shown the new secret; null: none, as on a change of privilege. It need not be
/// <paramref name="Expected"/>: a secret whose response was lost is skipped.
/// </param>
/// <param name="At">When, in whole milliseconds.</param>
public sealed record SecretRotation(Sha256Hash Expected, Sha256Hash Next, Sha256Hash? Previous, DateTimeOffset At);
