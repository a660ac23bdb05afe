namespace Sessions;

/// <summary>What a new session begins with. Everything has a default.</summary>
public sealed record SessionInit
{
    /// <summary>How long this session lives, one second or more; null: as <see cref="SessionUpOptions.Lifetime"/> says.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Whether the browser keeps the cookie after it closes ("remember me"); null: if there is a lifetime.</summary>
    public bool? IsPersistent { get; init; }

    /// <summary>
    /// Whether an app shows the token in a header, and no browser in a cookie. Bearer sessions have a limit of their own. Default: false.
    /// </summary>
    public bool IsBearer { get; init; }

    /// <summary>
    /// Whether all other sessions of the user end in the step that stores the new one, whatever the limit: of several such sign-ins at
    /// once, the last one stays. Default: false. Bearer sessions and all others are apart, as for the limit: each kind ends its own. A
    /// visitor has no others.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>The application's own values. They win over those that come along.</summary>
    public SessionValues Values { get; init; } = SessionValues.Empty;

    /// <summary>Names that other systems have for the session, by which it is found and ended.</summary>
    public SessionTags Tags { get; init; } = SessionTags.Empty;

    /// <summary>
    /// Whether the values of the session that this one replaces come along: a visitor's, or the same user's who signs in again. Never those
    /// of another user, nor of a session that this client could not use itself. Default: true.
    /// </summary>
    public bool CopyValues { get; init; } = true;

    /// <summary>When the user authenticated; null: now.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How the user authenticated; RFC 8176 lists common names ("pwd", "otp").</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>The client. Null: over HTTP the client of the request, else unknown.</summary>
    public ClientInfo? Client { get; init; }

    /// <summary>
    /// The token that the client held until now: the session that it belongs to ends, also where a rotation has replaced it. Null: over
    /// HTTP the token of the request, else none.
    /// </summary>
    public SessionToken? ReplacedToken { get; init; }

    /// <summary>More tokens that the client held, in further cookies of the same name.</summary>
    internal IReadOnlyList<SessionToken> OtherReplacedTokens { get; init; } = [];
}

/// <summary>A session that has just begun, with the one copy of its token.</summary>
public sealed record IssuedSession
{
    /// <summary>The session.</summary>
    public required Session Session { get; init; }

    /// <summary>What the client must be given; it cannot be had again.</summary>
    public required SessionToken Token { get; init; }

    /// <summary>The user's sessions that the limit ended for it, the least recently used first. Default: none.</summary>
    public IReadOnlyList<Session> Evicted { get; init; } = [];

    /// <summary>How many of the tokens that the client held belonged to sessions.</summary>
    internal int ReplacedCount { get; init; }
}
