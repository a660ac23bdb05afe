namespace Sessions.Stores;

/// <summary>For authors of stores: in which order sessions are listed and ended.</summary>
public static class SessionOrder
{
    /// <summary>The earliest created first, of equal ones in order of id.</summary>
    public static IComparer<Session> OldestFirst { get; } =
        Comparer<Session>.Create(
            static (one, other) => one.CreatedAt != other.CreatedAt ? one.CreatedAt.CompareTo(other.CreatedAt) : one.Id.CompareTo(other.Id)
        );

    /// <summary>
    /// In which order a limit ends sessions: the least recently seen first, of equal ones the earliest created, of equal ones in order of
    /// id.
    /// </summary>
    public static IComparer<Session> LeastRecentlyUsedFirst { get; } =
        Comparer<Session>.Create(
            static (one, other) =>
                one.LastSeenAt != other.LastSeenAt ? one.LastSeenAt.CompareTo(other.LastSeenAt) : OldestFirst.Compare(one, other)
        );
}

/// <summary>For authors of stores: an expired session does not exist.</summary>
public static class SessionExtensions
{
    /// <summary>The session, if it is alive at that instant; else null.</summary>
    public static Session? IfLive(this Session? session, DateTimeOffset now) =>
        session is not null && !session.IsExpired(now) ? session : null;

    /// <summary>The session with only those of its values whose keys are given; null: with all.</summary>
    public static Session WithValues(this Session session, IReadOnlyCollection<string>? valueKeys)
    {
        ArgumentNullException.ThrowIfNull(session);
        return valueKeys is null || session.Values.Count == 0 ? session : session with { Values = session.Values.WithOnly(valueKeys) };
    }

    /// <summary>The sessions that are alive at that instant, oldest first.</summary>
    public static List<Session> ToLiveList(this IEnumerable<Session> sessions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        var live = sessions.Where(session => !session.IsExpired(now)).ToList();
        live.Sort(SessionOrder.OldestFirst);
        return live;
    }
}
