namespace Sessions;

/// <summary>What happens when a user at his limit begins another session.</summary>
public enum SessionLimitPolicy
{
    /// <summary>His oldest sessions are ended; never the new one.</summary>
    EndOldest = 0,

    /// <summary>The new session is refused with a <see cref="SessionLimitException"/>.</summary>
    Refuse = 1,
}
