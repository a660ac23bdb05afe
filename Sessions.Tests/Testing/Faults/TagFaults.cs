using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class FindsNoVisitorByATag(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).Where(session => session.UserKey is not null);
}

internal sealed class FindsByTagInNoOrder(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).OrderBy(session => session.Id);
}

internal sealed class ComparesTagsIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Tagged(SessionTag tag) =>
        Ordered(
            Records.Values.Where(session =>
                session.Tags.Any(other =>
                    other.Name == tag.Name && string.Equals(other.Value, tag.Value, StringComparison.OrdinalIgnoreCase)
                )
            )
        );
}

internal sealed class JoinsNameAndValueOfATag(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Tagged(SessionTag tag) =>
        Ordered(Records.Values.Where(session => session.Tags.Any(other => $"{other.Name}:{other.Value}" == $"{tag.Name}:{tag.Value}")));
}

internal sealed class FindsOneValueOfATagName(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Tagged(SessionTag tag) =>
        Ordered(Records.Values.Where(session => session.Tags.LastOrDefault(other => other.Name == tag.Name) == tag));
}

internal sealed class IndexesTagsAtCreationOnly(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<SessionId, SessionTags> _index = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        _index[session.Id] = session.Tags;
        return base.Create(session, limit, replaces);
    }

    protected override IEnumerable<Session> Tagged(SessionTag tag) =>
        Ordered(Records.Values.Where(session => _index[session.Id].Contains(tag)));
}

internal sealed class ReplacesTagsByThoseOfAPatch(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(patch, patch.Tags.Count == 0 ? session : session with { Tags = [] });
}

internal sealed class LosesTagsWithAChange(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        return patch.Values.Changes.Count == 0 ? update : update with { Session = update.Session! with { Tags = patch.Tags } };
    }
}

internal sealed class CutsTooManyTags(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(patch with { Tags = SessionTags.Create(patch.Tags.Take(SessionTags.MaxCount - session.Tags.Count)) }, session);
}

internal sealed class AppliesTheRestOfAPatchWithTooManyTags(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        return update.Outcome == SessionUpdateOutcome.TooLarge
            ? update with
            {
                Session = base.Apply(patch with { Tags = [] }, session).Session,
            }
            : update;
    }
}

internal sealed class FindsByTagWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Session>>(() => [.. Tagged(tag)], cancellationToken);
}

internal sealed class ForgetsATagWhenTheFirstEndHasCome(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<SessionId, DateTimeOffset> _ends = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        _ends[session.Id] = session.EndsAt;
        return base.Create(session, limit, replaces);
    }

    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).Where(session => Now < _ends[session.Id]);
}

internal sealed class ForgetsATagWhenTheFirstExpiryHasCome(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<SessionId, DateTimeOffset> _expiries = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        _expiries[session.Id] = session.ExpiresAt;
        return base.Create(session, limit, replaces);
    }

    protected override IEnumerable<Session> Tagged(SessionTag tag) => base.Tagged(tag).Where(session => Now < _expiries[session.Id]);
}

internal sealed class DeletesByTagNoMoreThanAThousand(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> DeleteByTag(SessionTag tag)
    {
        var tagged = Tagged(tag).Take(1000).ToList();
        tagged.ForEach(session => Records.Remove(session.Id));
        return tagged;
    }
}

internal sealed class LeavesExpiredRecordsOnDeleteByTag(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> DeleteByTag(SessionTag tag)
    {
        var live = Tagged(tag).Where(IsLive).ToList();
        live.ForEach(session => Records.Remove(session.Id));
        return live;
    }
}

internal sealed class DeletesByTheNameOfATag(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override List<Session> DeleteByTag(SessionTag tag)
    {
        var named = Ordered(Records.Values.Where(session => session.Tags.Any(other => other.Name == tag.Name))).ToList();
        named.ForEach(session => Records.Remove(session.Id));
        return [.. named.Where(IsLive)];
    }
}
