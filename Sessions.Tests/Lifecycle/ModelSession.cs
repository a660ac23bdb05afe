using System.Collections.Immutable;
using Sessions.Tests.BrowserModel.Specification;

namespace Sessions.Tests.Lifecycle;

/// <summary>
/// A session of the model. Its tokens are counted by their generation; what they are to the session, the specification of rotation says.
/// </summary>
internal sealed record ModelSession(SessionId Id, string? UserKey, DateTimeOffset CreatedAt)
{
    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When the lifetime began: with the session, or when the user last proved their identity.</summary>
    public required DateTimeOffset LifetimeStartedAt { get; init; }

    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required RotationRecord Rotation { get; init; }

    public required ImmutableList<SpecificationToken> Tokens { get; init; }

    /// <summary>The end that the previous token still has after a reauthentication.</summary>
    public DateTimeOffset? PreviousEndsAt { get; init; }

    public SessionSnapshot Facts => new(Id, UserKey, CreatedAt, LastSeenAt, ExpiresAt, EndsAt, string.Join(' ', Values));

    public static (RotationRecord Rotation, ImmutableList<SpecificationToken> Tokens) CreateRotation(SessionId id, DateTimeOffset now)
    {
        var token = new SpecificationToken(id.ToString(), "lineage", 0, "secret 0");
        var rotation = new RotationRecord
        {
            Lineage = token.Lineage,
            CreatedAt = now,
            Current = token.Secret,
            Privileges = now,
        };
        return (rotation, [token]);
    }

    public TokenStanding Evaluate(int generation, DateTimeOffset now, SessionModelOptions rules) =>
        rules.Rotation.Evaluate(Rotation, Tokens[generation], now);

    /// <summary>The end as the holder of a token has it.</summary>
    public DateTimeOffset GetEnd(TokenStanding standing) =>
        standing == TokenStanding.Previous && PreviousEndsAt is { } before ? before : EndsAt;

    /// <summary>The expiry as the holder of a token has it.</summary>
    public DateTimeOffset GetExpiry(TokenStanding standing) => Min(ExpiresAt, GetEnd(standing));

    public ModelSession Rotate(DateTimeOffset now, SessionModelOptions rules, bool isProof = false)
    {
        var kind = isProof ? RotationKind.Reauthentication : RotationKind.Rotation;
        var rotation = rules.Rotation.Rotate(Rotation, Rotation.Current, $"salt {Rotation.Generation}", kind, now, privileges: null);
        return this with { Rotation = rotation, Tokens = Tokens.Add(Tokens[^1].Next(rotation)), PreviousEndsAt = isProof ? EndsAt : null };
    }

    /// <summary>Until when the session lives if it is used now.</summary>
    public DateTimeOffset Slide(TokenStanding standing, DateTimeOffset now, SessionModelOptions rules) =>
        Min(now + rules.Idle, GetEnd(standing));

    public ModelSession RecordUse(DateTimeOffset seenAt, DateTimeOffset expiresAt) =>
        this with
        {
            LastSeenAt = seenAt > LastSeenAt ? seenAt : LastSeenAt,
            ExpiresAt = expiresAt > ExpiresAt ? expiresAt : ExpiresAt,
        };

    /// <summary>The user proves their identity with the current token; null: the client has only just been given it.</summary>
    public ModelSession? Reauthenticate(DateTimeOffset now, SessionModelOptions rules)
    {
        var endsAt = now + (EndsAt - LifetimeStartedAt);
        var proven =
            rules.Rotation.CanRotate(Rotation) ? Rotate(now, rules, isProof: true)
            : Rotation.DeliveredAt is null ? null
            : this with { Rotation = rules.Rotation.RecordProof(Rotation, now), PreviousEndsAt = PreviousEndsAt ?? EndsAt };
        return proven is null ? null : proven with { LifetimeStartedAt = now, EndsAt = endsAt, ExpiresAt = Min(now + rules.Idle, endsAt) };
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

    public RotationSpecification Rotation { get; } =
        new()
        {
            Grace = TimeSpan.FromSeconds(60),
            RotateAfter = TimeSpan.FromMinutes(4),
            ReuseWindow = TimeSpan.FromHours(1),
        };

    public void ApplyTo(SessionUpOptions options)
    {
        (options.Lifetime, options.VisitorLifetime, options.IdleTimeout) = (Lifetime, VisitorLifetime, Idle);
        (options.TouchInterval, options.RotateAfter, options.RotationGrace) = (TouchInterval, RotateAfter, Grace);
        options.MaxSessionsPerUser = MaxSessions;
    }
}
