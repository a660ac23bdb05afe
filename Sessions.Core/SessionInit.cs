namespace Sessions;

/// <summary>What a new session begins with. Everything has a default.</summary>
public sealed record SessionInit
{
    /// <summary>How long this session lives, one second or more; null: as <see cref="SessionUpOptions.Lifetime"/> says.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Whether the browser keeps the cookie after it closes ("remember me"); null: if there is a lifetime.</summary>
    public bool? IsPersistent { get; init; }

    /// <summary>The application's own values.</summary>
    public SessionValues Values { get; init; } = SessionValues.Empty;

    /// <summary>When the user proved who he is; null: now.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How the user proved it; RFC 8176 lists common names ("pwd", "otp").</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Who is calling. Over HTTP it is found out when it is null.</summary>
    public ClientInfo? Client { get; init; }

    /// <summary>A token that the client held until now: if it opens a session, that session is ended first. Over HTTP it is found out when it is null.</summary>
    public SessionToken? ReplacedToken { get; init; }
}
