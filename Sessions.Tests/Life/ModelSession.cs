using System.Collections.Immutable;

namespace Sessions.Tests.Life;

/// <summary>A session of the model. Its secrets are numbers: the first is 0, a rotation counts on.</summary>
internal sealed record ModelSession(SessionId Id, string? UserKey, DateTimeOffset CreatedAt)
{
    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When the lifetime began: with the session, or when the user last proved who he is.</summary>
    public required DateTimeOffset LifetimeStartedAt { get; init; }

    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public int Secret { get; init; }

    public int? Previous { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public SessionSnapshot Facts => new(Id, UserKey, CreatedAt, LastSeenAt, ExpiresAt, EndsAt, string.Join(' ', Values));

    /// <summary>The newest secret always; the one before until the newest was shown, and for the grace after that.</summary>
    public bool IsAccepted(int secret, DateTimeOffset now, SessionModelOptions rules) =>
        secret == Secret || (secret == Previous && !(ConfirmedAt + rules.Grace + rules.Tolerance < now));

    /// <summary>A secret is replaced when it is old; one that seems lost on its way, once in a grace.</summary>
    public bool IsRotationDue(int secret, DateTimeOffset now, SessionModelOptions rules)
    {
        var age = now - (RotatedAt ?? CreatedAt);
        return secret == Secret ? age >= rules.RotateAfter : ConfirmedAt is null && age > rules.Grace;
    }

    /// <summary>On demand, any secret but one whose successor the client has shown.</summary>
    public bool CanRotate(int secret) => secret == Secret || ConfirmedAt is null;

    public ModelSession Rotate(int? previous, DateTimeOffset now) =>
        this with
        {
            Secret = Secret + 1,
            Previous = previous,
            RotatedAt = now,
            ConfirmedAt = null,
        };

    public ModelSession Confirm(DateTimeOffset now) => RotatedAt is null ? this : this with { ConfirmedAt = ConfirmedAt ?? now };

    /// <summary>Until when the session lives if it is used now.</summary>
    public DateTimeOffset Slide(DateTimeOffset now, SessionModelOptions rules) => Min(now + rules.Idle, EndsAt);

    public ModelSession RecordUse(DateTimeOffset seenAt, DateTimeOffset expiresAt) =>
        this with
        {
            LastSeenAt = seenAt > LastSeenAt ? seenAt : LastSeenAt,
            ExpiresAt = expiresAt > ExpiresAt ? expiresAt : ExpiresAt,
        };

    public ModelSession Reauthenticate(DateTimeOffset now, SessionModelOptions rules)
    {
        var endsAt = now + (EndsAt - LifetimeStartedAt);
        return Rotate(previous: null, now) with { LifetimeStartedAt = now, EndsAt = endsAt, ExpiresAt = Min(now + rules.Idle, endsAt) };
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
