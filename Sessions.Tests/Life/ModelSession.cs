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

/// <summary>What can be said of a session from outside, to compare and to print.</summary>
internal sealed record SessionSnapshot(
    SessionId Id,
    string? UserKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset SeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset EndsAt,
    string Values
)
{
    public static SessionSnapshot Create(Session session) =>
        new(
            session.Id,
            session.UserKey,
            session.CreatedAt,
            session.LastSeenAt,
            session.ExpiresAt,
            session.EndsAt,
            string.Join(' ', session.Values)
        );
}

/// <summary>What the documentation promises of times and limits, close together so that few steps cross them.</summary>
internal sealed record SessionModelOptions
{
    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(50);

    public TimeSpan VisitorLifetime { get; } = TimeSpan.FromMinutes(30);

    public TimeSpan Idle { get; } = TimeSpan.FromMinutes(20);

    public TimeSpan TouchInterval { get; } = TimeSpan.FromMinutes(1);

    public TimeSpan RotateAfter { get; } = TimeSpan.FromMinutes(4);

    public TimeSpan Grace { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How much kinder than the grace a verdict is, because clocks differ.</summary>
    public TimeSpan Tolerance { get; } = TimeSpan.FromSeconds(5);

    public int MaxSessions { get; } = 3;

    public void ApplyTo(SessionUpOptions options)
    {
        (options.Lifetime, options.VisitorLifetime, options.IdleTimeout) = (Lifetime, VisitorLifetime, Idle);
        (options.TouchInterval, options.RotateAfter, options.RotationGrace) = (TouchInterval, RotateAfter, Grace);
        options.MaxSessionsPerUser = MaxSessions;
    }
}
