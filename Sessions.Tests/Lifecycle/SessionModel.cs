using System.Collections.Immutable;
using Sessions.Stores;

namespace Sessions.Tests.Lifecycle;

/// <summary>
/// What the documentation says of sessions, in the plainest terms: a map that each step replaces. Knows neither manager nor store. A method
/// that can fail answers as the manager should.
/// </summary>
internal sealed record SessionModel(SessionModelOptions Rules, DateTimeOffset Now)
{
    private ImmutableSortedDictionary<SessionId, ModelSession> All { get; init; } =
        ImmutableSortedDictionary<SessionId, ModelSession>.Empty;

    /// <summary>What is not written down yet.</summary>
    private ImmutableDictionary<SessionId, (DateTimeOffset SeenAt, DateTimeOffset ExpiresAt)> Uses { get; init; } =
        ImmutableDictionary<SessionId, (DateTimeOffset, DateTimeOffset)>.Empty;

    /// <summary>What sign-ins replaced, and when.</summary>
    private ImmutableDictionary<SessionId, DateTimeOffset> Markers { get; init; } = ImmutableDictionary<SessionId, DateTimeOffset>.Empty;

    /// <summary>Every end that a caller caused, in order.</summary>
    public ImmutableList<(SessionId Id, SessionEndReason Reason)> Ends { get; init; } = [];

    public ModelSession? Find(SessionId id) => All.TryGetValue(id, out var session) && Now < session.ExpiresAt ? session : null;

    /// <summary>The sessions of a user, oldest first.</summary>
    public IReadOnlyList<ModelSession> SessionsOf(string user) =>
        [
            .. All
                .Values.Where(session => session.UserKey == user && Now < session.ExpiresAt)
                .OrderBy(session => session.CreatedAt)
                .ThenBy(session => session.Id),
        ];

    public SessionModel Begin(
        SessionId id,
        string? user,
        ImmutableSortedDictionary<string, string>? values = null,
        bool isExclusive = false
    )
    {
        var tooMany = user is null
            ? []
            : SessionsOf(user)
                .OrderBy(session => session.LastSeenAt)
                .ThenBy(session => session.CreatedAt)
                .ThenBy(session => session.Id)
                .SkipLast(isExclusive ? 0 : Rules.MaxSessions - 1);
        var endsAt = Now + (user is null ? Rules.VisitorLifetime : Rules.Lifetime);
        var (rotation, tokens) = ModelSession.CreateRotation(id, Now);
        var session = new ModelSession(id, user, Now)
        {
            Rotation = rotation,
            Tokens = tokens,
            LastSeenAt = Now,
            LifetimeStartedAt = Now,
            EndsAt = endsAt,
            ExpiresAt = Now + Rules.Idle < endsAt ? Now + Rules.Idle : endsAt,
            Values = values ?? ImmutableSortedDictionary<string, string>.Empty,
        };
        return End(tooMany, _ => isExclusive ? SessionEndReason.OtherDevice : SessionEndReason.Limit).With(session);
    }

    /// <summary>Shows a token of a generation; null: one that never was the session's.</summary>
    public (SessionModel Next, SessionRejection Answer) PresentToken(SessionId id, int? generation)
    {
        if (Find(id) is not { } session)
        {
            var isReplaced = Markers.TryGetValue(id, out var endedAt) && Now < endedAt + SessionMarkerLifetime.Duration;
            return (this, isReplaced ? SessionRejection.Replaced : SessionRejection.Unknown);
        }

        if (generation is null)
        {
            return (this, SessionRejection.WrongToken);
        }

        var standing = session.Evaluate(generation.Value, Now, Rules);
        return standing switch
        {
            TokenStanding.Copied => (End(id, SessionEndReason.Copied), SessionRejection.Copied),
            TokenStanding.Late => (this, SessionRejection.Late),
            _ => (this, Now < session.GetEnd(standing) ? SessionRejection.None : SessionRejection.Ended),
        };
    }

    /// <summary>A whole request: check, follow up, give a token.</summary>
    public (SessionModel Next, SessionRejection Answer, bool GivesToken) Request(SessionId id, int generation, bool slide)
    {
        var (next, answer) = PresentToken(id, generation);
        if (answer != SessionRejection.None)
        {
            return (next, answer, false);
        }

        var session = Find(id)!;
        var standing = session.Evaluate(generation, Now, Rules);
        if (standing == TokenStanding.Current)
        {
            next = With(session with { Rotation = Rules.Rotation.Show(session.Rotation, Now) });
        }

        if (slide && Now - session.LastSeenAt >= Rules.TouchInterval)
        {
            next = next with { Uses = Uses.SetItem(id, (Now, session.Slide(standing, Now, Rules))) };
            next = session.GetExpiry(standing) - Now < Rules.Idle / 4 ? next.Flush() : next;
        }

        var shown = next.All[id].Rotation;
        return standing == TokenStanding.Current
            ? Rules.Rotation.IsRotationDue(shown, Now)
                ? (next.Rotate(id), answer, true)
                : (next, answer, false)
            : Rules.Rotation.IsReissueDue(shown, Now)
                ? (next.GiveAgain(id), answer, true)
                : (next, answer, false);
    }

    /// <summary>A rotation on demand.</summary>
    public (SessionModel Next, bool GivesToken, bool IsGivenAgain) RotateOnDemand(SessionId id, int generation)
    {
        var session = Find(id)!;
        var isGivenAgain =
            session.Evaluate(generation, Now, Rules) == TokenStanding.Previous
            && session.Rotation is { Kind: RotationKind.Rotation, DeliveredAt: null, Salt: not null };
        return isGivenAgain ? (GiveAgain(id), true, true)
            : session.Evaluate(generation, Now, Rules) == TokenStanding.Current && Rules.Rotation.CanRotate(session.Rotation)
                ? (Rotate(id), true, false)
            : (this, false, false);
    }

    public (SessionModel Next, bool IsProven) Reauthenticate(SessionId id) =>
        All[id].Reauthenticate(Now, Rules) is { } proven ? (With(proven), true) : (this, false);

    private SessionModel Rotate(SessionId id) => With(All[id].Rotate(Now, Rules));

    private SessionModel GiveAgain(SessionId id) => With(All[id] with { Rotation = Rules.Rotation.GiveAgain(All[id].Rotation) });

    /// <summary>Sets a value; null removes it.</summary>
    public SessionModel SetValue(SessionId id, string key, string? value) =>
        Find(id) is { } session
            ? With(session with { Values = value is null ? session.Values.Remove(key) : session.Values.SetItem(key, value) })
            : this;

    public SessionModel Flush() =>
        Uses.Aggregate(
            this,
            static (model, use) =>
                model.Find(use.Key) is { } session ? model.With(session.RecordUse(use.Value.SeenAt, use.Value.ExpiresAt)) : model
        ) with
        {
            Uses = Uses.Clear(),
        };

    public SessionModel Advance(TimeSpan time) => this with { Now = Now + time };

    /// <summary>Ends a session, if it lives.</summary>
    public SessionModel End(SessionId id, SessionEndReason reason) =>
        Find(id) is null
            ? this
            : this with
            {
                All = All.Remove(id),
                Ends = Ends.Add((id, reason)),
                Markers = reason is SessionEndReason.Replaced or SessionEndReason.SignedIn ? Markers.Add(id, Now) : Markers,
            };

    public SessionModel End(IEnumerable<ModelSession> sessions, Func<SessionId, SessionEndReason> reason) =>
        sessions.Aggregate(this, (model, session) => model.End(session.Id, reason(session.Id)));

    private SessionModel With(ModelSession session) => this with { All = All.SetItem(session.Id, session) };
}
