using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <content>What happens inside a transaction.</content>
public sealed partial class LiteDbSessionStore
{
    internal static ILiteQueryableResult<BsonDocument> PageQuery(ILiteCollection<BsonDocument> records, BsonValue after, int limit) =>
        records.Query().Where("_id > @0", after).OrderBy("_id").Limit(limit);

    private IReadOnlyList<Session> Create(ILiteCollection<BsonDocument> records, Session session, SessionLimit? limit)
    {
        var record = LiteDbSessionRecord.Create(session);
        if (records.FindById(record["_id"]) is not null)
        {
            throw new DuplicateSessionException(session.Id);
        }

        var evicted = limit is null || session.UserKey is null ? [] : limit.GetEvicted(GetLive(FindByUser(records, session.UserKey)));
        records.Insert(record);
        foreach (var other in evicted)
        {
            records.Delete(LiteDbSessionRecord.Key(other.Id));
        }

        return evicted;
    }

    private SessionUpdate Update(ILiteCollection<BsonDocument> records, SessionId id, SessionPatch patch)
    {
        if (Find(records, id) is not { } session)
        {
            return SessionUpdate.Gone;
        }

        var update = patch.ApplyTo(session);
        Replace(records, session, update.Session!);
        return update;
    }

    private int Touch(ILiteCollection<BsonDocument> records, SessionTouch[] touches)
    {
        foreach (var touch in touches)
        {
            if (Find(records, touch.Id) is { } session)
            {
                Replace(records, session, touch.ApplyTo(session));
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

    private SweepBatch Sweep(ILiteCollection<BsonDocument> records, DateTimeOffset expiredBy, int limit)
    {
        var instant = expiredBy.ToUnixTimeMilliseconds();
        var expired = records.Find(BsonExpression.Create($"{LiteDbSessionRecord.ExpiresAt} <= @0", instant), limit: limit).ToList();
        expired.ForEach(record => records.Delete(record["_id"]));
        return new() { RowCount = expired.Count, Sessions = [.. expired.Select(Read).OfType<Session>()] };
    }

    private Session? Find(ILiteCollection<BsonDocument> records, SessionId id) =>
        records.FindById(LiteDbSessionRecord.Key(id)) is { } record ? Read(record).IfLive(_time.GetUtcNow()) : null;

    private static List<BsonDocument> FindByUser(ILiteCollection<BsonDocument> records, string userKey) =>
        [.. records.Find(BsonExpression.Create($"{LiteDbSessionRecord.UserKey} = @0", LiteDbSessionRecord.Key(userKey)))];

    private static void Replace(ILiteCollection<BsonDocument> records, Session session, Session changed)
    {
        if (changed != session)
        {
            records.Update(LiteDbSessionRecord.Create(changed));
        }
    }

    private List<Session> GetLive(List<BsonDocument> records) => records.Select(Read).OfType<Session>().ToLiveList(_time.GetUtcNow());

    private Session? Read(BsonDocument record) => _reporter.ReadOrNull(record, LiteDbSessionRecord.Read, LiteDbSessionRecord.ReadId);
}
