using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <content>What happens inside a transaction.</content>
public sealed partial class LiteDbSessionStore
{
    internal static ILiteQueryableResult<BsonDocument> PageQuery(ILiteCollection<BsonDocument> records, BsonValue after, int limit) =>
        records.Query().Where("_id > @0", after).OrderBy("_id").Limit(limit);

    /// <summary>The records of a user, up to a number. Of the user key alone the index has all, and no record is read.</summary>
    internal static ILiteQueryableResult<BsonDocument> CountQuery(ILiteCollection<BsonDocument> records, string userKey, int limit) =>
        records.Query().Where(UserQuery(userKey)).Select(LiteDbSessionRecord.UserKey).Limit(limit);

    private SessionCreation Create(ILiteCollection<BsonDocument> records, Session session, SessionLimit? limit, SessionId? replaces)
    {
        var record = LiteDbSessionRecord.Create(session);
        if (records.FindById(record["_id"]) is not null)
        {
            throw new DuplicateSessionException(session.Id);
        }

        var replaced = session.UserKey is null ? null : FindReplaced(records, session, replaces);
        var evicted = session.UserKey is null || limit is null ? [] : GetEvicted(records, session, limit, replaced);
        records.Insert(record);
        foreach (var other in evicted)
        {
            records.Delete(LiteDbSessionRecord.Key(other.Id));
        }

        if (replaced is not null)
        {
            Leave(records, replaced.Id, SessionMarker.Replaced);
        }

        return new() { Evicted = evicted, Replaced = replaced };
    }

    private Session? FindReplaced(ILiteCollection<BsonDocument> records, Session session, SessionId? replaces) =>
        replaces is { } id
        && Find(records, id).Session is { } other
        && string.Equals(other.UserKey, session.UserKey, StringComparison.Ordinal)
            ? other
            : null;

    // The index is counted first: most users are far from the limit, and their records need not be read.
    private IReadOnlyList<Session> GetEvicted(
        ILiteCollection<BsonDocument> records,
        Session session,
        SessionLimit limit,
        Session? replaced
    ) =>
        CountQuery(records, session.UserKey!, limit.Max).ToEnumerable().Count() < limit.Max
            ? []
            : limit.GetEvicted(session, GetLive(FindByUser(records, session.UserKey!)).Where(other => other.Id != replaced?.Id));

    private Session? Delete(ILiteCollection<BsonDocument> records, SessionId id, SessionMarker leaves)
    {
        var key = LiteDbSessionRecord.Key(id);
        if (records.FindById(key) is not { } record || LiteDbSessionRecord.IsMarker(record))
        {
            return null;
        }

        var session = Read(record).IfLive(_time.GetUtcNow());
        if (session is null || leaves == SessionMarker.None)
        {
            records.Delete(key);
        }
        else
        {
            Leave(records, id, leaves);
        }

        return session;
    }

    /// <summary>A marker takes the place of a session's record.</summary>
    private void Leave(ILiteCollection<BsonDocument> records, SessionId id, SessionMarker marker) =>
        records.Update(LiteDbSessionRecord.CreateMarker(id, marker, _time.GetUtcNow()));

    private SessionUpdate Update(ILiteCollection<BsonDocument> records, SessionId id, SessionPatch patch)
    {
        if (FindLive(records, id) is not var (record, session))
        {
            return SessionUpdate.Gone;
        }

        var update = patch.ApplyTo(session);
        Replace(records, record, session, update.Session!);
        return update;
    }

    private int Touch(ILiteCollection<BsonDocument> records, SessionTouch[] touches)
    {
        foreach (var touch in touches)
        {
            if (FindLive(records, touch.Id) is var (record, session))
            {
                Replace(records, record, session, touch.ApplyTo(session));
            }
        }

        return touches.Length;
    }

    private List<Session>? DeleteAll(ILiteCollection<BsonDocument> records, string userKey, SessionId? except)
    {
        var all = FindByUser(records, userKey);
        var live = GetLive(all);
        if (except is { } spared && live.RemoveAll(session => session.Id == spared) == 0)
        {
            return null;
        }

        var kept = except is { } id ? LiteDbSessionRecord.Key(id) : null;
        foreach (var record in all.Where(record => record["_id"] != kept))
        {
            records.Delete(record["_id"]);
        }

        return live;
    }

    private List<Session> DeleteByTag(ILiteCollection<BsonDocument> records, SessionTag tag)
    {
        var all = FindByTag(records, tag);
        all.ForEach(record => records.Delete(record["_id"]));
        return GetLive(all);
    }

    private SweepBatch Sweep(ILiteCollection<BsonDocument> records, DateTimeOffset expiredBy, int limit)
    {
        var instant = expiredBy.ToUnixTimeMilliseconds();
        var expired = records.Find(BsonExpression.Create($"{LiteDbSessionRecord.ExpiresAt} <= @0", instant), limit: limit).ToList();
        expired.ForEach(record => records.Delete(record["_id"]));
        return new() { RowCount = expired.Count, Sessions = [.. expired.Select(Read).OfType<Session>()] };
    }

    private SessionLookup Find(ILiteCollection<BsonDocument> records, SessionId id) =>
        records.FindById(LiteDbSessionRecord.Key(id)) is { } record
            ? _reporter.ReadOrDefault(record, found => LiteDbSessionRecord.ReadLookup(found, _time.GetUtcNow()), LiteDbSessionRecord.ReadId)
            : default;

    private (BsonDocument Record, Session Session)? FindLive(ILiteCollection<BsonDocument> records, SessionId id) =>
        records.FindById(LiteDbSessionRecord.Key(id)) is { } record && Read(record).IfLive(_time.GetUtcNow()) is { } session
            ? (record, session)
            : null;

    private static List<BsonDocument> FindByUser(ILiteCollection<BsonDocument> records, string userKey) =>
        [.. records.Find(UserQuery(userKey))];

    private static BsonExpression UserQuery(string userKey) =>
        BsonExpression.Create($"{LiteDbSessionRecord.UserKey} = @0", LiteDbSessionRecord.Key(userKey));

    private static List<BsonDocument> FindByTag(ILiteCollection<BsonDocument> records, SessionTag tag) => [.. records.Find(TagQuery(tag))];

    internal static BsonExpression TagQuery(SessionTag tag) =>
        BsonExpression.Create($"{LiteDbSessionRecord.EachTag} ANY = @0", LiteDbSessionRecord.Key(tag));

    private static void Replace(ILiteCollection<BsonDocument> records, BsonDocument record, Session session, Session changed)
    {
        if (changed != session)
        {
            LiteDbSessionRecord.Update(record, changed);
            records.Update(record);
        }
    }

    private List<Session> GetLive(List<BsonDocument> records) => records.Select(Read).OfType<Session>().ToLiveList(_time.GetUtcNow());

    private Session? Read(BsonDocument record) => _reporter.ReadOrDefault(record, LiteDbSessionRecord.Read, LiteDbSessionRecord.ReadId);
}
