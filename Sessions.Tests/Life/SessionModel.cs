using System.Collections.Immutable;

namespace Sessions.Tests.Life;

/// <summary>
/// What the documentation says of sessions, in the plainest terms: a map that each step replaces. Knows neither manager nor store. A method that can fail answers as the manager should.
/// </summary>
internal sealed record SessionModel(SessionModelOptions Rules, DateTimeOffset Now)
{
    private ImmutableSortedDictionary<SessionId, ModelSession> All { get; init; } =
        ImmutableSortedDictionary<SessionId, ModelSession>.Empty;

    /// <summary>What is not written down yet.</summary>
    private ImmutableDictionary<SessionId, (DateTimeOffset SeenAt, DateTimeOffset ExpiresAt)> Uses { get; init; } =
        ImmutableDictionary<SessionId, (DateTimeOffset, DateTimeOffset)>.Empty;

    /// <summary>Every end that somebody caused, in order.</summary>
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

    public SessionModel Begin(SessionId id, string? user, ImmutableSortedDictionary<string, string>? values = null)
    {
        var tooMany = user is null ? [] : SessionsOf(user).SkipLast(Rules.MaxSessions - 1);
        var endsAt = Now + (user is null ? Rules.VisitorLifetime : Rules.Lifetime);
        var session = new ModelSession(id, user, Now)
        {
            LastSeenAt = Now,
            LifetimeStartedAt = Now,
            EndsAt = endsAt,
            ExpiresAt = Now + Rules.Idle < endsAt ? Now + Rules.Idle : endsAt,
            Values = values ?? ImmutableSortedDictionary<string, string>.Empty,
        };
        return End(tooMany, _ => SessionEndReason.Limit).With(session);
    }

    /// <summary>Shows a secret; null: one that never was the session's.</summary>
    public (SessionModel Next, SessionRejection Answer) PresentToken(SessionId id, int? secret)
    {
        if (Find(id) is not { } session)
        {
            return (this, SessionRejection.Unknown);
        }

        if (secret is null)
        {
            return (this, SessionRejection.WrongSecret);
        }

        return session.IsAccepted(secret.Value, Now, Rules)
            ? (this, SessionRejection.None)
            : (End(id, SessionEndReason.Reuse), SessionRejection.ReusedSecret);
    }

    /// <summary>A whole request: check, confirm, use, rotate.</summary>
    public (SessionModel Next, SessionRejection Answer, bool Rotates) Request(SessionId id, int secret, bool slide)
    {
        var (next, answer) = PresentToken(id, secret);
        if (answer != SessionRejection.None)
        {
            return (next, answer, false);
        }

        var session = Find(id)!;
        next = secret == session.Secret ? With(session.Confirm(Now)) : this;
        if (slide && Now - session.LastSeenAt >= Rules.TouchInterval)
        {
            next = next with { Uses = Uses.SetItem(id, (Now, session.Slide(Now, Rules))) };
            next = session.ExpiresAt - Now < Rules.Idle / 4 ? next.Flush() : next;
        }

        return session.IsRotationDue(secret, Now, Rules) ? (next.Rotate(id, secret), answer, true) : (next, answer, false);
    }

    public SessionModel Rotate(SessionId id, int shown) => With(All[id].Rotate(shown, Now));

    public SessionModel Reauthenticate(SessionId id) => With(All[id].Reauthenticate(Now, Rules));

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
        Find(id) is null ? this : this with { All = All.Remove(id), Ends = Ends.Add((id, reason)) };

    public SessionModel End(IEnumerable<ModelSession> sessions, Func<SessionId, SessionEndReason> reason) =>
        sessions.Aggregate(this, (model, session) => model.End(session.Id, reason(session.Id)));

    private SessionModel With(ModelSession session) => this with { All = All.SetItem(session.Id, session) };
}
