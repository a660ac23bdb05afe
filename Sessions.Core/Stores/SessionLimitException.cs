namespace Sessions;

/// <summary>The user has as many sessions as he may, and the policy is to refuse another. Nothing was changed.</summary>
public sealed class SessionLimitException : Exception
{
    /// <summary>The limit that was reached.</summary>
    public SessionLimitException(SessionLimit limit)
        : base($"The user has {limit?.Max} sessions already, which is the limit.")
    {
        ArgumentNullException.ThrowIfNull(limit);
        Limit = limit;
    }

    /// <summary>The limit that was reached.</summary>
    public SessionLimit Limit { get; }
}
