using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

// What stores make of a record that they cannot read.

internal sealed class ReportsNoUnreadableRecord(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsReadable(Session session) => !Table.Damaged.Contains(session.Id);
}

internal sealed class CountsUnreadableRecords(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        base.Surplus(session, limit is null ? null : limit with { Max = Math.Max(1, limit.Max - Table.Damaged.Count) }, replaced);
}

internal sealed class LeavesUnreadableRecordsOnDeleteAll(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var damaged = Of(userKey).Where(session => !IsReadable(session)).ToList();
        var ended = base.DeleteAll(userKey, except);
        damaged.ForEach(session => Records[session.Id] = session);
        return ended;
    }
}

internal sealed class LeavesAnUnreadableRecordOnDelete(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => Table.Damaged.Contains(id) ? null : base.Delete(id, leaves);
}

internal sealed class OverwritesAnUnreadableRecord(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        if (Table.Damaged.Contains(session.Id))
        {
            Records.Remove(session.Id);
        }

        return base.Create(session, limit, replaces);
    }
}

internal sealed class SparesAnUnreadableException(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except) =>
        except is { } spared && Table.Damaged.Contains(spared)
            ? Remove(LiveOf(userKey).Where(session => session.Id != spared))
            : base.DeleteAll(userKey, except);
}

internal sealed class NeverSweepsUnreadableRecords(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void DeleteDamaged() { }

    protected override List<Session> Due(int limit) => [.. base.Due(int.MaxValue).Where(IsReadable).Take(limit)];
}

internal sealed class CountsUnreadableRecordsAsSwept(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void DeleteDamaged() { }
}

internal sealed class ReadsWhatIsLeftOfARecord(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsReadable(Session session) => true;
}
