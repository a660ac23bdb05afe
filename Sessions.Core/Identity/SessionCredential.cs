using System.Diagnostics;

namespace Sessions;

/// <summary>
/// What a store keeps of a token: hashes only. Never serialized to clients and never printed. A default one opens to no token.
/// </summary>
/// <remarks>A value, held within its session: every request compares a token with it, and looks for no object more.</remarks>
[DebuggerDisplay("(redacted)")]
public readonly record struct SessionCredential
{
    // Most sessions were never rotated, and need no room for it.
    private readonly CredentialHistory? _history;

    /// <summary>SHA-256 of the lineage, which stays for the life of the session.</summary>
    public required Sha256Hash Lineage { get; init; }

    /// <summary>SHA-256 of the whole token that is valid now.</summary>
    public required Sha256Hash Current { get; init; }

    /// <summary>How many rotations there were: 0 at sign-in, at most 16,777,215.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or greater.</exception>
    public int Generation
    {
        get => History.Generation;
        init => _history = (History with { Generation = value }).Compact();
    }

    /// <summary>SHA-256 of the token before, while a rotation left one.</summary>
    public Sha256Hash? Previous
    {
        get => History.Previous;
        init => _history = (History with { Previous = value }).Compact();
    }

    /// <summary>What the current secret was derived from, until it is confirmed.</summary>
    public CredentialSalt? Salt
    {
        get => History.Salt;
        init => _history = (History with { Salt = value }).Compact();
    }

    /// <summary>What the last rotation was for; null before the first.</summary>
    public RotationKind? RotationKind
    {
        get => History.Kind;
        init => _history = (History with { Kind = value }).Compact();
    }

    /// <summary>When <see cref="Current"/> took the place of <see cref="Previous"/>; null before the first rotation.</summary>
    public DateTimeOffset? RotatedAt
    {
        get => Instant.ToOptional(History.RotatedAt);
        init => _history = (History with { RotatedAt = Instant.FromOptional(value) }).Compact();
    }

    /// <summary>When the client first showed the rotated secret; null until then.</summary>
    public DateTimeOffset? DeliveredAt
    {
        get => Instant.ToOptional(History.DeliveredAt);
        init => _history = (History with { DeliveredAt = Instant.FromOptional(value) }).Compact();
    }

    /// <summary>When it was certain that the client has the rotated secret; null until then.</summary>
    public DateTimeOffset? ConfirmedAt
    {
        get => Instant.ToOptional(History.ConfirmedAt);
        init => _history = (History with { ConfirmedAt = Instant.FromOptional(value) }).Compact();
    }

    /// <summary>When <see cref="Previous"/> was confirmed; null if it was not, or is the secret of the sign-in.</summary>
    public DateTimeOffset? PreviousConfirmedAt
    {
        get => Instant.ToOptional(History.PreviousConfirmedAt);
        init => _history = (History with { PreviousConfirmedAt = Instant.FromOptional(value) }).Compact();
    }

    /// <summary>The older of the two generations of which it is known when they were replaced.</summary>
    public RotationAnchor? OlderAnchor
    {
        get => History.OlderAnchor;
        init => _history = (History with { OlderAnchor = value }).Compact();
    }

    /// <summary>The younger of them.</summary>
    public RotationAnchor? YoungerAnchor
    {
        get => History.YoungerAnchor;
        init => _history = (History with { YoungerAnchor = value }).Compact();
    }

    /// <summary>
    /// What the previous secret still allows after a reauthentication, whose privileges belong to the current one only; null: the same.
    /// </summary>
    public SessionPrivileges? PreviousPrivileges
    {
        get => History.PreviousPrivileges;
        init => _history = (History with { PreviousPrivileges = value }).Compact();
    }

    /// <summary>What the rotations left; nothing before the first.</summary>
    internal CredentialHistory History
    {
        get => _history ?? CredentialHistory.None;
        init => _history = value.Compact();
    }

    /// <summary>Never prints the hashes.</summary>
    public override string ToString() => "(redacted)";

    internal static SessionCredential Create(SessionToken token) => new() { Lineage = token.LineageHash, Current = token.Hash };
}

/// <summary>What a rotation was for.</summary>
public enum RotationKind
{
    /// <summary>It was due, or the application called for it.</summary>
    Rotation = 1,

    /// <summary>The user proved their identity again.</summary>
    Reauthentication = 2,
}

/// <summary>A generation of the token, and when it was certain that it had been replaced.</summary>
public readonly record struct RotationAnchor
{
    private readonly long _at;

    /// <summary>The generation that was replaced.</summary>
    public required int Generation { get; init; }

    /// <summary>When, in whole milliseconds.</summary>
    public required DateTimeOffset At
    {
        get => Instant.To(_at);
        init => _at = Instant.From(value);
    }
}

/// <summary>What a token allows: when and how its user proved their identity, and until when the session lasts.</summary>
public sealed record SessionPrivileges
{
    private readonly long _authenticatedAt = Instant.None;
    private readonly long _endsAt;

    /// <summary>As <see cref="Session.AuthenticatedAt"/>.</summary>
    public DateTimeOffset? AuthenticatedAt
    {
        get => Instant.ToOptional(_authenticatedAt);
        init => _authenticatedAt = Instant.FromOptional(value);
    }

    /// <summary>As <see cref="Session.AuthenticationMethod"/>.</summary>
    /// <exception cref="ArgumentException">No session can hold the text.</exception>
    public string? AuthenticationMethod
    {
        get;
        init => field = SessionText.CheckLabel(value, SessionText.MaxAuthenticationMethodBytes, nameof(AuthenticationMethod));
    }

    /// <summary>As <see cref="Session.EndsAt"/>.</summary>
    public required DateTimeOffset EndsAt
    {
        get => Instant.To(_endsAt);
        init => _endsAt = Instant.From(value);
    }
}
