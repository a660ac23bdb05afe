namespace Sessions;

/// <summary>How many live sessions one user may have. Visitors have no limit.</summary>
public sealed record SessionLimit
{
    /// <summary>At least 1, the new session included.</summary>
    public required int Max { get; init; }

    /// <summary>What to do with one too many.</summary>
    public required SessionLimitPolicy Policy { get; init; }

    /// <summary>For authors of stores: which sessions make room for a new one of the same user.</summary>
    /// <param name="othersOldestFirst">The live sessions of the user without the new one, oldest first.</param>
    /// <returns>The first of them, as many as there are too many.</returns>
    /// <exception cref="SessionLimitException">There is one too many, and the policy is to refuse.</exception>
    public IReadOnlyList<Session> GetEvicted(IReadOnlyList<Session> othersOldestFirst)
    {
        ArgumentNullException.ThrowIfNull(othersOldestFirst);
        var surplus = othersOldestFirst.Count + 1 - Max;
        return surplus <= 0 ? []
            : Policy == SessionLimitPolicy.Refuse ? throw new SessionLimitException(this)
            : [.. othersOldestFirst.Take(surplus)];
    }
}

/// <summary>What happens when a user at the limit begins another session.</summary>
public enum SessionLimitPolicy
{
    /// <summary>The oldest sessions of the user are ended; never the new one.</summary>
    EndOldest = 0,

    /// <summary>The new session is refused with a <see cref="SessionLimitException"/>.</summary>
    Refuse = 1,
}

/// <summary>The user has as many sessions as the limit allows, and the policy is to refuse another. Nothing was changed.</summary>
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
