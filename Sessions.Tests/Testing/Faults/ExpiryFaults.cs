using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

internal sealed class LivesAtTheInstantOfExpiry(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsLive(Session session) => Now <= session.ExpiresAt;
}

internal sealed class ExpiresAMillisecondEarly(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsLive(Session session) => Now.AddMilliseconds(1) < session.ExpiresAt;
}

internal sealed class BringsBackWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        Locked(() => Records.TryGetValue(id, out var session) ? Write(Apply(patch, session)) : SessionUpdate.Gone, cancellationToken);
}

internal sealed class TouchesWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void Touch(IReadOnlyList<SessionTouch> touches)
    {
        foreach (var touch in touches.Where(touch => Records.ContainsKey(touch.Id)))
        {
            Records[touch.Id] = Apply(touch, Records[touch.Id]);
        }
    }
}

internal sealed class ReturnsADeletedSessionThatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => Records.Remove(id, out var session) ? session : null;
}

internal sealed class LeavesTheRecordOfADeletedSessionThatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => Live(id) is null ? null : base.Delete(id, leaves);
}

internal sealed class LeavesExpiredRecordsOnDeleteAll(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var expired = Of(userKey).Where(session => !IsLive(session)).ToList();
        var ended = base.DeleteAll(userKey, except);
        expired.ForEach(session => Records[session.Id] = session);
        return ended;
    }
}

internal sealed class DeletesWhatItFindsExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Live(SessionId id)
    {
        var session = base.Live(id);
        if (session is null)
        {
            Records.Remove(id);
        }

        return session;
    }
}

internal sealed class SweepsAsSoonAsASessionExpires(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Due(int limit) => Records.Values.Where(session => session.IsExpired(Now)).Take(limit).ToList();
}

internal sealed class SweepsWithoutALimit(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Due(int limit) => base.Due(int.MaxValue);
}

internal sealed class SweepsWhatWasCreatedLongAgo(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Due(int limit) =>
        Records.Values.Where(session => session.CreatedAt <= Now - TimeSpan.FromHours(1) - ClockTolerance.Deletion).Take(limit).ToList();
}

internal sealed class ReportsAFullSweep(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        await base.DeleteExpiredAsync(maxCount, cancellationToken);
        var session = new SampleSessions(new ManualTimeProvider(), SeededRandom.Create()).Create();
        return [.. Enumerable.Repeat(session, maxCount)];
    }
}

internal sealed class SweepsSessionsAsTheyBegan(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        var swept = await base.DeleteExpiredAsync(maxCount, cancellationToken);
        return [.. swept!.Select(session => session with { LastSeenAt = session.CreatedAt })];
    }
}

internal sealed class ExaminesOnlyTheFirstDueRecords(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> Due(int limit) =>
        Records
            .Values.OrderBy(session => session.CreatedAt)
            .Take(limit)
            .Where(session => session.IsExpired(Now - ClockTolerance.Deletion))
            .ToList();
}
