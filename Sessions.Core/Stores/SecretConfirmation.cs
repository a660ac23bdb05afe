namespace Sessions.Stores;

/// <summary>Writes down when the client first showed a rotated secret. An earlier confirmation of the same secret stays and counts as applied.</summary>
/// <param name="Secret">The hash that must be the current one.</param>
/// <param name="At">When, in whole milliseconds.</param>
public sealed record SecretConfirmation(Sha256Hash Secret, DateTimeOffset At);
