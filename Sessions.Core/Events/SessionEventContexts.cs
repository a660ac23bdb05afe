namespace Sessions;

/// <summary>A session began.</summary>
public sealed record SessionCreatedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session.</summary>
    public required Session Session { get; init; }
}

/// <summary>A token was not accepted, or a request that needs one showed none.</summary>
public sealed record TokenRejectedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session that the token names; it need not exist. Null: what was shown is no token, or nothing was.</summary>
    public required SessionId? Id { get; init; }

    /// <summary>Why.</summary>
    public required SessionRejection Reason { get; init; }

    /// <summary>The client that showed it; null: not known.</summary>
    public ClientInfo? Client { get; init; }
}

/// <summary>A session was ended.</summary>
public sealed record SessionEndedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session as it was last stored.</summary>
    public required Session Session { get; init; }

    /// <summary>Why, and thereby by whom.</summary>
    public required SessionEndReason Reason { get; init; }

    /// <summary>The session whose user ended it; null: no session did.</summary>
    public SessionId? Actor { get; init; }
}

/// <summary>A session got a new token.</summary>
public sealed record SessionRotatedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session.</summary>
    public required Session Session { get; init; }
}

/// <summary>An old copy of a session's token was shown: one that was replaced longer ago than any request of its owner takes.</summary>
public sealed record CopyDetectedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session, which has ended.</summary>
    public required Session Session { get; init; }

    /// <summary>The client that showed it; null: not known.</summary>
    public ClientInfo? Client { get; init; }
}

/// <summary>A client is not the one that the session is bound to.</summary>
public sealed record SessionClientChangedContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>The session.</summary>
    public required Session Session { get; init; }

    /// <summary>The client of the request.</summary>
    public required ClientInfo Client { get; init; }
}

/// <summary>A record of the store cannot be read.</summary>
public sealed record CorruptRecordContext
{
    /// <summary>The name of the sessions; empty for the default.</summary>
    public required string Name { get; init; }

    /// <summary>What names the record in the store: the id, as far as it can be read.</summary>
    public required string Record { get; init; }

    /// <summary>What is wrong with it; null when there was no exception.</summary>
    public Exception? Exception { get; init; }
}
