namespace Sessions.Tests.Testing.Faults;

internal sealed class DoesNotSpareTheException(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except) => base.DeleteAll(userKey, null);
}

internal sealed class DeletesAllThoughTheExceptionIsGone(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except) =>
        base.DeleteAll(userKey, except is { } spared && Live(spared) is null ? null : except);
}

internal sealed class SparesTheSessionOfAnotherUser(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except) =>
        base.DeleteAll(userKey, except is { } spared && Live(spared) is { } session && session.UserKey != userKey ? null : except);
}

internal sealed class ReturnsNullForAUserWithoutSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except) =>
        base.DeleteAll(userKey, except) is { Count: > 0 } ended ? ended : null;
}

internal sealed class DeletesTheSessionsOfAWholeShard(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var ended = base.DeleteAll(userKey, except);
        foreach (
            var id in Records.Keys.Where(id => ended is not null && id != except && id.Shard == SessionId.ComputeShard(userKey)).ToList()
        )
        {
            Records.Remove(id);
        }

        return ended;
    }
}
