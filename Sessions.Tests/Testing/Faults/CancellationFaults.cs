using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class ReadsInSpiteOfACancelledToken(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        base.FetchAsync(id, CancellationToken.None);
}

internal sealed class NoticesACancelledTokenOnlyAfterTheWrite(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var ended = await base.CreateAsync(session, limit, replaces, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return ended;
    }

    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        var update = await base.UpdateAsync(id, patch, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return update;
    }

    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        await base.TouchAsync(touches, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public override async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        var session = await base.DeleteAsync(id, leaves, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return session;
    }

    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        var ended = await base.DeleteAllAsync(userKey, except, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return ended;
    }

    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        var deleted = await base.DeleteExpiredAsync(maxCount, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return deleted;
    }
}
