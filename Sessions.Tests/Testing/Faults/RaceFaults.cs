using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

// All of these look, step aside and then write: what a store does that reads in one round trip and writes in another.

internal sealed class CreatesInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        if (await Locked(() => Records.ContainsKey(session.Id), cancellationToken))
        {
            throw new DuplicateSessionException(session.Id);
        }

        await Task.Yield();
        return await Locked(
            () =>
            {
                Records.Remove(session.Id);
                return Create(session, limit, replaces);
            },
            cancellationToken
        );
    }
}

internal sealed class CountsInOneStepAndCreatesInAnother(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var surplus = await Locked(() => Surplus(session, limit, FindReplaced(session, replaces)), cancellationToken);
        if (surplus.Count > 0 && limit!.Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(limit);
        }

        await Task.Yield();
        return await Locked(
            () =>
            {
                var creation = Create(session, null, replaces);
                return creation with { Evicted = surplus.Where(other => Records.Remove(other.Id)).ToList() };
            },
            cancellationToken
        );
    }
}

internal sealed class UpdatesInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        var session = await this.FetchSessionAsync(id, cancellationToken);
        await Task.Yield();
        return session is null ? SessionUpdate.Gone : await Locked(() => Write(Apply(patch, session)), cancellationToken);
    }
}

internal sealed class TouchesInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        foreach (var touch in touches)
        {
            if (await this.FetchSessionAsync(touch.Id, cancellationToken) is { } session)
            {
                await Task.Yield();
                await Locked(() => Records[touch.Id] = Apply(touch, session), cancellationToken);
            }
        }
    }
}

internal sealed class DeletesInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        var session = await this.FetchSessionAsync(id, cancellationToken);
        await Task.Yield();
        await base.DeleteAsync(id, leaves, cancellationToken);
        return session;
    }
}

internal sealed class DeletesAllOneByOne(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        var live = (List<Session>)await this.FetchAllAsync(userKey, cancellationToken);
        if (except is { } spared && live.RemoveAll(session => session.Id == spared) == 0)
        {
            return null;
        }

        foreach (var session in live)
        {
            await Task.Yield();
            await this.DeleteAsync(session.Id, cancellationToken);
        }

        return live;
    }
}

internal sealed class ListsBeforeItDeletesAll(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        var live = await this.FetchAllAsync(userKey, cancellationToken);
        await Task.Yield();
        return await base.DeleteAllAsync(userKey, except, cancellationToken) is null ? null : live;
    }
}

internal sealed class ChecksTheExceptionInAnEarlierStep(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        if (except is { } spared && (await this.FetchSessionAsync(spared, cancellationToken))?.UserKey != userKey)
        {
            return null;
        }

        await Task.Yield();
        return await Locked(
            () =>
            {
                var ended = Of(userKey).Where(session => session.Id != except).ToList();
                ended.ForEach(session => Records.Remove(session.Id));
                return ended;
            },
            cancellationToken
        );
    }
}

internal sealed class StoresASessionOnlyWithTheNext(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private Session? _waiting;

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        (var stored, _waiting) = (_waiting, session);
        return stored is null ? new() : base.Create(stored, limit, replaces);
    }
}

internal sealed class StopsDeletingWhenTheExceptionIsGone(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        var ended = new List<Session>();
        foreach (var session in await this.FetchAllAsync(userKey, cancellationToken))
        {
            await Task.Yield();
            if (except is { } spared && await this.FetchSessionAsync(spared, cancellationToken) is null)
            {
                return null;
            }

            if (session.Id != except && await this.DeleteAsync(session.Id, cancellationToken) is { } deleted)
            {
                ended.Add(deleted);
            }
        }

        return ended;
    }
}

internal sealed class SweepsInTwoSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        // Slow enough that the sweep meets it between its steps.
        var now = Now;
        await Task.Yield();
        return await Locked(
            () => Records.TryGetValue(id, out var session) && now < session.ExpiresAt ? Write(Apply(patch, session)) : SessionUpdate.Gone,
            cancellationToken
        );
    }

    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        var due = await Locked(() => Due(maxCount), cancellationToken);
        await Task.Yield();
        return await Locked(() => Remove(due), cancellationToken);
    }
}

internal sealed class ReturnsASessionFromEachOfTwoSweeps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        var due = await Locked(() => Due(maxCount), cancellationToken);
        await Task.Yield();
        await Locked(() => Remove(due), cancellationToken);
        return due;
    }
}
