using System.Diagnostics;

namespace Sessions;

/// <summary>What a store keeps of a token: hashes only. Never serialized to clients and never printed. A default one opens to no token.</summary>
/// <remarks>A value, held within its session: every request compares a token with it, and looks for no object more.</remarks>
[DebuggerDisplay("(redacted)")]
public readonly record struct SessionCredential
{
    // Most sessions were never rotated, and need no room for it.
    private readonly Rotation? _rotation;

    /// <summary>SHA-256 of the lineage, which stays for the life of the session.</summary>
    public required Sha256Hash Lineage { get; init; }

    /// <summary>SHA-256 of the whole secret that is valid now.</summary>
    public required Sha256Hash Secret { get; init; }

    /// <summary>SHA-256 of the secret before it, while a rotation left one.</summary>
    public Sha256Hash? Previous
    {
        get => _rotation?.Previous;
        init => _rotation = Rotation.Create(value, RotatedAt, ConfirmedAt);
    }

    /// <summary>When <see cref="Secret"/> took the place of <see cref="Previous"/>; null before the first rotation.</summary>
    public DateTimeOffset? RotatedAt
    {
        get => _rotation?.RotatedAt;
        init => _rotation = Rotation.Create(Previous, value, ConfirmedAt);
    }

    /// <summary>When the client first showed the rotated <see cref="Secret"/>; null until then.</summary>
    public DateTimeOffset? ConfirmedAt
    {
        get => _rotation?.ConfirmedAt;
        init => _rotation = Rotation.Create(Previous, RotatedAt, value);
    }

    /// <summary>
    /// What a token is to the session. The previous secret stays good while the client has not shown the new one, whose response may be lost or slow; and
    /// for a grace after that, for the requests that were on their way.
    /// </summary>
    internal SecretMatch Match(SessionToken token, DateTimeOffset now, TimeSpan grace)
    {
        var shown = token.SecretHash;
        if (shown == Secret)
        {
            return RotatedAt is not null && ConfirmedAt is null ? SecretMatch.Unconfirmed : SecretMatch.Current;
        }

        if (shown == Previous && (ConfirmedAt is not { } confirmed || now <= confirmed + grace + ClockTolerance.Evaluation))
        {
            return SecretMatch.Previous;
        }

        return token.LineageHash == Lineage ? SecretMatch.Reused : SecretMatch.Mismatch;
    }

    /// <summary>Never prints the hashes.</summary>
    public override string ToString() => "(redacted)";

    internal static SessionCredential Create(SessionToken token) => new() { Lineage = token.LineageHash, Secret = token.SecretHash };

    private sealed record Rotation
    {
        private readonly long _rotatedAt = Instant.None;
        private readonly long _confirmedAt = Instant.None;

        public required Sha256Hash? Previous { get; init; }

        public required DateTimeOffset? RotatedAt
        {
            get => Instant.ToOptional(_rotatedAt);
            init => _rotatedAt = Instant.FromOptional(value);
        }

        public required DateTimeOffset? ConfirmedAt
        {
            get => Instant.ToOptional(_confirmedAt);
            init => _confirmedAt = Instant.FromOptional(value);
        }

        /// <summary>Null when there was none: a credential equals another by what it says, however it came to say so.</summary>
        public static Rotation? Create(Sha256Hash? previous, DateTimeOffset? rotatedAt, DateTimeOffset? confirmedAt) =>
            previous is null && rotatedAt is null && confirmedAt is null
                ? null
                : new()
                {
                    Previous = previous,
                    RotatedAt = rotatedAt,
                    ConfirmedAt = confirmedAt,
                };
    }
}
