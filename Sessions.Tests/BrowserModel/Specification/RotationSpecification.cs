using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>What a store keeps of a session's tokens. The specification keeps secrets where a store has their hashes.</summary>
internal sealed record RotationRecord
{
    public required string Lineage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string Current { get; init; }

    public required DateTimeOffset? Privileges { get; init; }

    public int Generation { get; init; }

    public string? Previous { get; init; }

    public string? Salt { get; init; }

    public RotationKind Kind { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public DateTimeOffset? PreviousConfirmedAt { get; init; }

    public DateTimeOffset? PreviousPrivileges { get; init; }

    /// <summary>Up to which generation tokens were replaced by when; the younger one last, two at the most.</summary>
    public IReadOnlyList<(int Generation, DateTimeOffset At)> Anchors { get; init; } = [];
}

/// <summary>
/// The rules of rotation as functions of a record, a token and an instant; each answer is what the store's atomic step writes.
/// </summary>
internal sealed class RotationSpecification
{
    public required TimeSpan Grace { get; init; }

    public required TimeSpan RotateAfter { get; init; }

    public required TimeSpan ReuseWindow { get; init; }

    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a token was first shown its browser certainly has it on disk.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(60);

    public RotationFaults Faults { get; init; }

    private TimeSpan Reissue => Grace < TimeSpan.FromSeconds(60) ? Grace : TimeSpan.FromSeconds(60);

    private TimeSpan Window => (ReuseWindow < RotateAfter ? ReuseWindow : RotateAfter) + Tolerance;

    public bool Has(RotationFaults fault) => (Faults & fault) != 0;

    public TokenStanding Evaluate(RotationRecord record, SpecificationToken token, DateTimeOffset now)
    {
        if (token.Lineage != record.Lineage)
        {
            return TokenStanding.Wrong;
        }

        var wrong = Has(WrongIsCopied) ? TokenStanding.Copied : TokenStanding.Wrong;
        var age = record.Generation - token.Generation;
        return age switch
        {
            < 0 => Has(AheadIsCopied) ? TokenStanding.Copied : TokenStanding.Ahead,
            0 => token.Secret == record.Current ? TokenStanding.Current : wrong,
            1 when token.Secret != record.Previous => wrong,
            1 => EvaluatePrevious(record, now),
            _ => IsCopied(record, token.Generation, now) ? TokenStanding.Copied : TokenStanding.Late,
        };
    }

    /// <summary>The privileges that a token has which is let in.</summary>
    public DateTimeOffset? GetPrivileges(RotationRecord record, TokenStanding standing) =>
        standing == TokenStanding.Previous && record.Kind == RotationKind.Reauthentication && !Has(RaisesPreviousToken)
            ? record.PreviousPrivileges
            : record.Privileges;

    /// <summary>The current token is shown.</summary>
    public RotationRecord Show(RotationRecord record, DateTimeOffset now)
    {
        if (record.DeliveredAt is not { } deliveredAt)
        {
            return Has(ConfirmsAtFirstShowing) || (Has(ConfirmsAfterIssue) && now >= record.RotatedAt + TimeSpan.FromSeconds(35))
                ? Confirm(record with { DeliveredAt = now }, now)
                : record with
                {
                    DeliveredAt = now,
                };
        }

        return record.ConfirmedAt is null && now >= deliveredAt + Flush ? Confirm(record, now) : record;
    }

    public RotationRecord Rotate(
        RotationRecord record,
        string shownSecret,
        string salt,
        RotationKind kind,
        DateTimeOffset now,
        DateTimeOffset? privileges
    ) =>
        record with
        {
            Previous = shownSecret,
            PreviousPrivileges = record.Privileges,
            PreviousConfirmedAt = Has(CountsFromRotation) ? record.RotatedAt : record.ConfirmedAt,
            Privileges = privileges,
            Salt = salt,
            Current = SpecificationToken.Derive(salt, shownSecret),
            Generation = record.Generation + 1,
            Kind = kind,
            RotatedAt = now,
            Anchors = Anchor(record),
            DeliveredAt = null,
            ConfirmedAt = null,
        };

    /// <summary>
    /// A proof counts for the current token as it is. The previous one keeps what it had, and is not given the current one, as after a
    /// reauthentication.
    /// </summary>
    public RotationRecord RecordProof(RotationRecord record, DateTimeOffset now) =>
        record with
        {
            Privileges = now,
            Kind = Has(RecordsProofAsRotation) ? record.Kind : RotationKind.Reauthentication,
        };

    /// <summary>Whether the current token may be replaced: its browser certainly has it.</summary>
    public bool CanRotate(RotationRecord record) => record.ConfirmedAt is not null || record.Generation == 0 || Has(RotatesUnconfirmed);

    public bool IsRotationDue(RotationRecord record, DateTimeOffset now)
    {
        var since =
            record.Generation == 0 ? record.CreatedAt
            : Has(IsDueByRotation) || Has(RotatesUnconfirmed) ? record.RotatedAt
            : record.ConfirmedAt;
        return CanRotate(record) && now >= since + RotateAfter;
    }

    /// <summary>Whether a request with the previous token is given the current one again without asking for it.</summary>
    public bool IsReissueDue(RotationRecord record, DateTimeOffset now) =>
        record is { Kind: RotationKind.Rotation, Salt: not null }
        && (
            record.DeliveredAt is null
                ? now > record.RotatedAt + Reissue
                : record.ConfirmedAt is null && now > record.RotatedAt + RotateAfter
        );

    /// <summary>The current token is given once more.</summary>
    public RotationRecord GiveAgain(RotationRecord record) => Has(StaysDelivered) ? record : record with { DeliveredAt = null };

    private TokenStanding EvaluatePrevious(RotationRecord record, DateTimeOffset now)
    {
        var hasGrace = !(Has(ReauthenticationHasNoGrace) && record.Kind == RotationKind.Reauthentication);
        if (hasGrace && !(now > record.ConfirmedAt + Grace + Tolerance))
        {
            return TokenStanding.Previous;
        }

        var replacedAt = Has(CountsFromRotation) ? record.RotatedAt : record.ConfirmedAt ?? now;
        return now < replacedAt + Window && !Has(LateIsCopied) ? TokenStanding.Late : TokenStanding.Copied;
    }

    private bool IsCopied(RotationRecord record, int generation, DateTimeOffset now) =>
        Has(LateIsCopied)
        || now >= record.PreviousConfirmedAt + Window
        || record.Anchors.Any(anchor => generation <= anchor.Generation && now >= anchor.At + Window);

    private RotationRecord Confirm(RotationRecord record, DateTimeOffset now)
    {
        return record with
        {
            ConfirmedAt = now,
            Salt = null,
            Anchors =
                Has(AnchorsAtConfirmation) && !(now - record.Anchors.Max(static anchor => (DateTimeOffset?)anchor.At) <= ReuseWindow)
                    ? Push(record, record.Generation - 1, now)
                    : record.Anchors,
        };
    }

    // The instant that is about to be forgotten, if without it there were none for longer than a window.
    private IReadOnlyList<(int Generation, DateTimeOffset At)> Anchor(RotationRecord record) =>
        !Has(AnchorsAtConfirmation)
        && record.PreviousConfirmedAt is { } replacedAt
        && !(record.ConfirmedAt - record.Anchors.Max(static anchor => (DateTimeOffset?)anchor.At) <= Window - Tolerance)
            ? Push(record, record.Generation - 2, replacedAt)
            : record.Anchors;

    private IReadOnlyList<(int Generation, DateTimeOffset At)> Push(RotationRecord record, int generation, DateTimeOffset at) =>
        Has(HasNoAnchors) ? [] : [.. record.Anchors.TakeLast(1), (generation, at)];
}
