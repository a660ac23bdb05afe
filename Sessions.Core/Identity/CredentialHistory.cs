namespace Sessions;

/// <summary>What the rotations of a session left in its credential.</summary>
internal sealed record CredentialHistory
{
    /// <summary>The generation is a counter of 24 bits.</summary>
    public const int MaxGeneration = (1 << 24) - 1;

    /// <summary>Of a session that was never rotated.</summary>
    public static CredentialHistory None { get; } = new();

    public int Generation
    {
        get;
        init =>
            field = value is >= 0 and <= MaxGeneration
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"A generation is from 0 to {MaxGeneration}.");
    }

    public Sha256Hash? Previous { get; init; }

    public CredentialSalt? Salt { get; init; }

    public RotationKind? Kind { get; init; }

    public long RotatedAt { get; init; } = Instant.None;

    public long DeliveredAt { get; init; } = Instant.None;

    public long ConfirmedAt { get; init; } = Instant.None;

    public long PreviousConfirmedAt { get; init; } = Instant.None;

    public RotationAnchor? OlderAnchor { get; init; }

    public RotationAnchor? YoungerAnchor { get; init; }

    public SessionPrivileges? PreviousPrivileges { get; init; }

    /// <summary>Null when there is nothing: a credential equals another by what it says, however it came to say so.</summary>
    public CredentialHistory? Compact() => this == None ? null : this;
}
