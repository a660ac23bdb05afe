namespace Sessions;

/// <summary>
/// How many live sessions one user may have. The sessions of browsers and bearer sessions are counted apart: a new session counts those of
/// its own kind. Visitors have no limit.
/// </summary>
public sealed record SessionLimit
{
    /// <summary>At least 1, the new session included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public required int Max
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Max));
            field = value;
        }
    }

    /// <summary>What to do with one too many. Default: the least recently used ones are ended.</summary>
    public SessionLimitPolicy Policy { get; init; }

    /// <summary>For authors of stores: which sessions make room for a new one of the same user.</summary>
    /// <param name="newcomer">The new session. It counts whether or not it has expired.</param>
    /// <param name="others">
    /// The live sessions of the user, in any order, without the new one and without the one that it replaces. Records that cannot be read
    /// are not among them.
    /// </param>
    /// <returns>Those that end, the least recently used first.</returns>
    /// <exception cref="SessionLimitException">There is one too many, and the policy is to refuse.</exception>
    public IReadOnlyList<Session> GetEvicted(Session newcomer, IEnumerable<Session> others)
    {
        ArgumentNullException.ThrowIfNull(newcomer);
        ArgumentNullException.ThrowIfNull(others);
        var counted = others.Where(other => other.IsBearer == newcomer.IsBearer).ToList();
        var surplus = counted.Count + 1 - Max;
        if (surplus <= 0)
        {
            return [];
        }

        if (Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(this);
        }

        counted.Sort(SessionOrder.LeastRecentlyUsedFirst);
        return counted[..surplus];
    }
}

/// <summary>What happens when a user at the limit begins another session.</summary>
public enum SessionLimitPolicy
{
    /// <summary>The least recently used sessions of the user are ended; never the new one.</summary>
    EndLeastRecentlyUsed = 0,

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
