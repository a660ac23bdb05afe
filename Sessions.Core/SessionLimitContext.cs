namespace Sessions;

/// <summary>A new session, for which the application chooses the limit.</summary>
public sealed record SessionLimitContext
{
    /// <summary>The new session, which is not stored yet.</summary>
    public required Session Session { get; init; }

    /// <summary>The limit that the options say; null: none.</summary>
    public required SessionLimit? Default { get; init; }
}
