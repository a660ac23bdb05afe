using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

/// <summary>Stores that remember what they should have forgotten or replaced.</summary>
internal abstract class RetainsEverySession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected Dictionary<SessionId, Session> Created { get; } = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var ended = base.Create(session, limit, replaces);
        Created[session.Id] = session;
        return ended;
    }
}

internal sealed class ListsSessionsAsTheyBegan(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    protected override IEnumerable<Session> Ordered(IEnumerable<Session> sessions) =>
        base.Ordered(sessions.Select(session => Created.GetValueOrDefault(session.Id, session)));
}

internal sealed class ReturnsADeletedSessionAsItBegan(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => base.Delete(id, leaves) is null ? null : Created[id];
}

internal sealed class ReturnsADeletedSessionAgain(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => base.Delete(id, leaves) ?? Created.GetValueOrDefault(id);
}

internal sealed class CountsDeletedSessions(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        limit is { Policy: SessionLimitPolicy.Refuse }
            ? Created.Values.Where(other => other.UserKey == session.UserKey).Skip(limit.Max - 1).ToList()
            : base.Surplus(session, limit, replaced);
}

internal sealed class TouchesWhatWasDeleted(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    protected override void Touch(IReadOnlyList<SessionTouch> touches)
    {
        foreach (var touch in touches)
        {
            if (Created.TryGetValue(touch.Id, out var session))
            {
                Records[touch.Id] = Apply(touch, Records.GetValueOrDefault(touch.Id, session));
            }
        }
    }
}

internal sealed class UpdatesWhatWasDeleted(TimeProvider time, ReferenceTable table) : RetainsEverySession(time, table)
{
    public override ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        Locked(
            () => (Live(id) ?? Created.GetValueOrDefault(id)) is { } session ? Write(Apply(patch, session)) : SessionUpdate.Gone,
            cancellationToken
        );
}
