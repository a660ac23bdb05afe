using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class CountsTheReplacedSession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        base.Surplus(session, limit, replaced: null);
}

internal sealed class ReplacesTheSessionOfAnyUser(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? FindReplaced(Session session, SessionId? replaces) => replaces is { } id ? Live(id) : null;
}

internal sealed class ReplacesVisitorsByVisitors(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? FindReplaced(Session session, SessionId? replaces) =>
        replaces is { } id && Live(id) is { } other && other.UserKey == session.UserKey ? other : null;
}

internal sealed class ReplacesTheNewSession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var creation = base.Create(session, limit, replaces);
        return replaces == session.Id ? creation with { Replaced = Delete(session.Id, SessionMarker.Replaced) } : creation;
    }
}

internal sealed class ReplacesWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? FindReplaced(Session session, SessionId? replaces) =>
        replaces is { } id && Records.GetValueOrDefault(id) is { } other && other.UserKey == session.UserKey ? other : null;
}

internal sealed class EndsTheReplacedSessionFirst(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        var replaced = FindReplaced(session, replaces);
        if (replaced is not null)
        {
            Delete(replaced.Id, SessionMarker.Replaced);
        }

        return base.Create(session, limit, null) with
        {
            Replaced = replaced,
        };
    }
}

internal sealed class OmitsTheReplacedSession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces) =>
        base.Create(session, limit, replaces) with
        {
            Replaced = null,
        };
}

internal sealed class ReplacesSessionsOfTheSameKindOnly(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? FindReplaced(Session session, SessionId? replaces) =>
        base.FindReplaced(session, replaces) is { } other && other.IsBearer == session.IsBearer ? other : null;
}

internal sealed class ReplacesInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var replaced = await Locked(() => FindReplaced(session, replaces), cancellationToken);
        var creation = await base.CreateAsync(session, limit is null ? null : limit with { Max = limit.Max + 1 }, null, cancellationToken);
        await Task.Yield();
        if (replaced is not null)
        {
            await DeleteAsync(replaced.Id, SessionMarker.Replaced, cancellationToken);
        }

        return creation with
        {
            Replaced = replaced,
        };
    }
}

internal sealed class EndsTheReplacedSessionInAnEarlierStep(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var replaced = replaces is { } id ? await DeleteAsync(id, SessionMarker.Replaced, cancellationToken) : null;
        await Task.Yield();
        return await base.CreateAsync(session, limit, null, cancellationToken) with { Replaced = replaced };
    }
}

internal sealed class LeavesTheMarkerInALaterStep(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var creation = await Locked(
            () =>
            {
                var created = Create(session, limit, replaces);
                if (created.Replaced is { } replaced)
                {
                    Markers.Remove(replaced.Id);
                }

                return created;
            },
            cancellationToken
        );
        await Task.Yield();
        return await Locked(
            () =>
            {
                if (creation.Replaced is { } replaced)
                {
                    Markers.Add(replaced.Id, (SessionMarker.Replaced, Now));
                }

                return creation;
            },
            cancellationToken
        );
    }
}
