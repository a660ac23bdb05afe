namespace Sessions.Tests.Testing.Faults;

internal sealed class OverwritesATakenId(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Create(Session session, SessionLimit? limit)
    {
        Records.Remove(session.Id);
        return base.Create(session, limit);
    }
}

internal sealed class ReusesTheIdOfAnExpiredRecord(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Create(Session session, SessionLimit? limit)
    {
        if (Live(session.Id) is null)
        {
            Records.Remove(session.Id);
        }

        return base.Create(session, limit);
    }
}

internal sealed class EndsSessionsBeforeItFindsTheIdTaken(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Create(Session session, SessionLimit? limit)
    {
        var surplus = Surplus(session, limit);
        if (limit?.Policy == SessionLimitPolicy.EndOldest)
        {
            surplus.ForEach(other => Records.Remove(other.Id));
        }

        base.Create(session, limit);
        return surplus;
    }
}

internal sealed class CountsExpiredSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Surplus(Session session, SessionLimit? limit) =>
        session.UserKey is null || limit is null ? [] : Of(session.UserKey).SkipLast(limit.Max - 1).ToList();
}

internal sealed class AllowsOneTooMany(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Surplus(Session session, SessionLimit? limit) =>
        base.Surplus(session, limit is null ? null : limit with { Max = limit.Max + 1 });
}

internal sealed class EndsTheNewest(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Surplus(Session session, SessionLimit? limit) =>
        LiveOf(session.UserKey ?? "").TakeLast(base.Surplus(session, limit).Count).ToList();
}

internal sealed class EndsOnlyOneTooMany(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Surplus(Session session, SessionLimit? limit) => base.Surplus(session, limit).Take(1).ToList();
}

internal sealed class EndsTheNewSessionWhenItIsTheOldest(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Create(Session session, SessionLimit? limit)
    {
        var ended = base.Create(session, null);
        if (session.UserKey is null || limit is null)
        {
            return ended;
        }

        var surplus = LiveOf(session.UserKey).SkipLast(limit.Max).ToList();
        surplus.ForEach(other => Records.Remove(other.Id));
        return surplus;
    }
}

internal sealed class LimitsVisitors(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Surplus(Session session, SessionLimit? limit) =>
        session.UserKey is null && limit is not null
            ? Records.Values.Where(other => other.UserKey is null && IsLive(other)).SkipLast(limit.Max - 1).ToList()
            : base.Surplus(session, limit);
}
