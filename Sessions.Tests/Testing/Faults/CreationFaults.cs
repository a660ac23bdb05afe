using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class OverwritesATakenId(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        Records.Remove(session.Id);
        return base.Create(session, limit, replaces);
    }
}

internal sealed class ReusesTheIdOfAnExpiredRecord(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        if (Live(session.Id) is null)
        {
            Records.Remove(session.Id);
        }

        return base.Create(session, limit, replaces);
    }
}

internal sealed class EndsSessionsBeforeItFindsTheIdTaken(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var surplus = Surplus(session, limit, FindReplaced(session, replaces));
        if (limit?.Policy == SessionLimitPolicy.EndLeastRecentlyUsed)
        {
            surplus.ToList().ForEach(other => Records.Remove(other.Id));
        }

        return base.Create(session, limit, replaces) with
        {
            Evicted = surplus,
        };
    }
}

internal sealed class CountsExpiredSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        session.UserKey is null || limit is null ? [] : Of(session.UserKey).SkipLast(limit.Max - 1).ToList();
}

internal sealed class AllowsOneTooMany(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        base.Surplus(session, limit is null ? null : limit with { Max = limit.Max + 1 }, replaced);
}

internal sealed class EndsTheNewest(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        LiveOf(session.UserKey ?? "").TakeLast(base.Surplus(session, limit, replaced).Count).ToList();
}

internal sealed class EndsOnlyOneTooMany(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        base.Surplus(session, limit, replaced).Take(1).ToList();
}

internal sealed class EndsTheNewSessionWhenItIsTheOldest(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var ended = base.Create(session, null, replaces);
        if (session.UserKey is null || limit is null)
        {
            return ended;
        }

        var surplus = LiveOf(session.UserKey).SkipLast(limit.Max).ToList();
        surplus.ForEach(other => Records.Remove(other.Id));
        return ended with { Evicted = surplus };
    }
}

internal sealed class LimitsVisitors(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        session.UserKey is null && limit is not null
            ? Records.Values.Where(other => other.UserKey is null && IsLive(other)).SkipLast(limit.Max - 1).ToList()
            : base.Surplus(session, limit, replaced);
}

internal sealed class EndsTheEarliestCreated(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        LiveOf(session.UserKey ?? "").Take(base.Surplus(session, limit, replaced).Count).ToList();
}

internal sealed class CountsBearerSessionsWithAllOthers(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        session.UserKey is null || limit is null ? [] : LiveOf(session.UserKey).SkipLast(limit.Max - 1).ToList();
}

internal sealed class ChecksTheLimitBeforeTheId(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        if (limit?.Policy == SessionLimitPolicy.Refuse && Surplus(session, limit, FindReplaced(session, replaces)).Count > 0)
        {
            throw new SessionLimitException(limit);
        }

        return base.Create(session, limit, replaces);
    }
}

internal sealed class LetsAnExpiredNewcomerPassTheLimit(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        IsLive(session) ? base.Surplus(session, limit, replaced) : [];
}
