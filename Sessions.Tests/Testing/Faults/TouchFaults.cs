using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class TouchesBackwards(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session Apply(SessionTouch touch, Session session) =>
        session with
        {
            LastSeenAt = touch.LastSeenAt,
            ExpiresAt = touch.ExpiresAt,
        };
}

internal sealed class TouchesEachIdOnce(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void Touch(IReadOnlyList<SessionTouch> touches) => base.Touch(touches.DistinctBy(touch => touch.Id).ToArray());
}

internal sealed class StopsAtAnUnknownTouch(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void Touch(IReadOnlyList<SessionTouch> touches) =>
        base.Touch(touches.TakeWhile(touch => Live(touch.Id) is not null).ToArray());
}

internal sealed class SortsTheTouchesItIsGiven(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void Touch(IReadOnlyList<SessionTouch> touches)
    {
        if (touches is SessionTouch[] array)
        {
            Array.Sort(array, static (one, other) => one.ExpiresAt.CompareTo(other.ExpiresAt));
        }

        base.Touch(touches);
    }
}

internal sealed class MovesLastUseAndExpiryTogether(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session Apply(SessionTouch touch, Session session) =>
        touch.ExpiresAt <= session.ExpiresAt ? session : base.Apply(touch, session);
}

internal sealed class TouchesPastTheEnd(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session Apply(SessionTouch touch, Session session) =>
        touch.ApplyTo(session with { EndsAt = DateTimeOffset.MaxValue }) with
        {
            EndsAt = session.EndsAt,
        };
}
