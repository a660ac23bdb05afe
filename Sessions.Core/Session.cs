using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>
/// One browser or app of one user, or of a visitor not yet known. Immutable: a change is a new value that a store hands out. All instants
/// are UTC and cut to whole milliseconds.
/// </summary>
public sealed record Session
{
    private readonly long _createdAt;
    private readonly long _lastSeenAt;
    private readonly long _expiresAt;
    private readonly long _endsAt;
    private readonly long _idleTimeout = Instant.None;
    private readonly long _authenticatedAt = Instant.None;

    /// <summary>The public handle. Opens nothing.</summary>
    public required SessionId Id { get; init; }

    /// <summary>Whatever names the owner for ever; null for a visitor. Compared byte for byte.</summary>
    /// <exception cref="ArgumentException">Not 1 to 512 bytes of UTF-8, or not text that every backend can store.</exception>
    public string? UserKey
    {
        get;
        init => field = value is null ? null : SessionText.CheckUserKey(value);
    }

    /// <summary>When the session began.</summary>
    public required DateTimeOffset CreatedAt
    {
        get => Instant.To(_createdAt);
        init => _createdAt = Instant.From(value);
    }

    /// <summary>When the session was last used, as exactly as it is written down.</summary>
    public required DateTimeOffset LastSeenAt
    {
        get => Instant.To(_lastSeenAt);
        init => _lastSeenAt = Instant.From(value);
    }

    /// <summary>The instant from which the session no longer exists. Slides with use when there is an idle timeout.</summary>
    public required DateTimeOffset ExpiresAt
    {
        get => Instant.To(_expiresAt);
        init => _expiresAt = Instant.From(value);
    }

    /// <summary>The absolute end, which <see cref="ExpiresAt"/> never passes. Only reauthentication moves it.</summary>
    public required DateTimeOffset EndsAt
    {
        get => Instant.To(_endsAt);
        init => _endsAt = Instant.From(value);
    }

    /// <summary>How long the session may go unused, in whole milliseconds; null: until its end.</summary>
    public TimeSpan? IdleTimeout
    {
        get => _idleTimeout == Instant.None ? null : TimeSpan.FromMilliseconds(_idleTimeout);
        init => _idleTimeout = value is { } timeout ? (long)timeout.TotalMilliseconds : Instant.None;
    }

    /// <summary>Whether the call that began the session set its lifetime; otherwise the lifetime came from the options.</summary>
    public bool HasCustomLifetime { get; init; }

    /// <summary>Whether the client keeps the session after the browser closes ("remember me").</summary>
    public bool IsPersistent { get; init; }

    /// <summary>
    /// Whether the token travels in a header of an app instead of a browser's cookie. Bearer sessions have a limit of their own.
    /// </summary>
    public bool IsBearer { get; init; }

    /// <summary>When the user last authenticated; null when it is unknown.</summary>
    public DateTimeOffset? AuthenticatedAt
    {
        get => Instant.ToOptional(_authenticatedAt);
        init => _authenticatedAt = Instant.FromOptional(value);
    }

    /// <summary>
    /// How the user proved it, in the application's words, at most 128 bytes of UTF-8; RFC 8176 lists common ones ("pwd", "otp").
    /// </summary>
    public string? AuthenticationMethod
    {
        get;
        init => field = SessionText.CheckLabel(value, SessionText.MaxAuthenticationMethodBytes, nameof(AuthenticationMethod));
    }

    /// <summary>Who called when the session began.</summary>
    public ClientInfo Client { get; init; } = ClientInfo.Unknown;

    /// <summary>Who called last, as exactly as it is written down.</summary>
    public ClientInfo LastClient { get; init; } = ClientInfo.Unknown;

    /// <summary>The application's own values.</summary>
    public SessionValues Values { get; init; } = SessionValues.Empty;

    /// <summary>Names that other systems have for the session. Given at the beginning or added later, never changed or removed.</summary>
    public SessionTags Tags { get; init; } = SessionTags.Empty;

    /// <summary>Hashes of the token. For stores; never shown to clients.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public required SessionCredential Credential { get; init; }

    /// <summary>Whether the session no longer exists at <paramref name="now"/>. At the very instant of expiry it does not.</summary>
    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>The id: user keys and values may be personal.</summary>
    public override string ToString() => $"Session {Id}";
}
