using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

// What takes more steps than it may, or ends before the last.

internal sealed class WritesTheTagIndexAfterTheSession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly HashSet<SessionId> _index = [];

    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var creation = await base.CreateAsync(session, limit, replaces, cancellationToken);
        _ = IndexAsync();
        return creation;

        async Task IndexAsync()
        {
            await Task.Yield();
            await Locked(() => _index.Add(session.Id), CancellationToken.None);
        }
    }

    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        await Locked(() => _index.Add(id), cancellationToken) ? await base.UpdateAsync(id, patch, cancellationToken) : SessionUpdate.Gone;

    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).Where(session => _index.Contains(session.Id));
}

internal sealed class PrunesTheTagIndexOfWhatIsNotThereYet(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly HashSet<SessionId> _index = [];

    public override async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        await Locked(() => _index.Add(session.Id), cancellationToken);
        await Task.Yield();
        return await base.CreateAsync(session, limit, replaces, cancellationToken);
    }

    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        await Locked(() => _index.Add(id), cancellationToken);
        return await base.UpdateAsync(id, patch, cancellationToken);
    }

    public override async ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        await Locked(() => _index.RemoveWhere(id => !Records.ContainsKey(id)), cancellationToken);
        return await base.FetchByTagAsync(tag, cancellationToken);
    }

    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).Where(session => _index.Contains(session.Id));
}

internal sealed class FindsByTagBeforeItDeletes(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        var found = await FetchByTagAsync(tag, cancellationToken);
        await Task.Yield();
        await base.DeleteByTagAsync(tag, cancellationToken);
        return found;
    }
}

internal sealed class DeletesAllNoMoreThanAThousand(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var rest = Of(userKey).Skip(1000).ToList();
        var ended = base.DeleteAll(userKey, except)?.Except(rest).ToList();
        rest.ForEach(session => Records[session.Id] = session);
        return ended;
    }
}

internal sealed class ReturnsASessionFromEachOfTwoDeletionsInSteps(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        var live = await this.FetchAllAsync(userKey, cancellationToken);
        foreach (var chunk in live.Chunk(1000))
        {
            await Task.Yield();
            await Locked(() => chunk.Count(session => Records.Remove(session.Id)), cancellationToken);
        }

        return live;
    }
}

internal sealed class ForgetsTheRestOfADeletionThatWasCutOff(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly HashSet<string> _done = [];

    public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    )
    {
        if (!_done.Add(userKey))
        {
            return [];
        }

        await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        return await base.DeleteAllAsync(userKey, except, cancellationToken);
    }

    public override async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        if (!_done.Add(tag.Value))
        {
            return [];
        }

        await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        return await base.DeleteByTagAsync(tag, cancellationToken);
    }
}
