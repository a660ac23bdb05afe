using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class PrunesByItsOwnClockWhenItCreates(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        foreach (var due in Records.Values.Where(other => other.IsExpired(Now - ClockTolerance.Deletion)).ToList())
        {
            Records.Remove(due.Id);
        }

        return base.Create(session, limit, replaces);
    }
}

internal sealed class DeletesOnlyWhatIsLiveByItsOwnClock(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var hidden = Of(userKey).Where(session => !IsLive(session)).ToList();
        var ended = base.DeleteAll(userKey, except);
        hidden.ForEach(session => Records[session.Id] = session);
        return ended;
    }
}

internal sealed class NeverCompletes(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return default;
    }
}
