using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <content>What happens inside a transaction.</content>
public sealed partial class LiteDbSessionStore
{
    private List<Session> Create(ILiteCollection<BsonDocument> records, Session session, SessionLimit? limit)
    {
        var record = LiteDbSessionRecord.Create(session);
        if (records.FindById(record["_id"]) is not null)
        {
            throw new DuplicateSessionException(session.Id);
        }

        var live = limit is null || session.UserKey is null ? [] : GetLive(FindByUser(records, session.UserKey));
        var surplus = live.Count + 1 - (limit?.Max ?? int.MaxValue);
        if (surplus > 0 && limit!.Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(limit);
        }

        records.Insert(record);
        var ended = live.GetRange(0, Math.Max(0, surplus));
        ended.ForEach(other => records.Delete(LiteDbSessionRecord.Key(other.Id)));
        return ended;
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

    private (int Deleted, List<Session> Sessions) Sweep(ILiteCollection<BsonDocument> records, int limit)
    {
        var expiredBy = (_time.GetUtcNow() - ClockTolerance.Deletion).ToUnixTimeMilliseconds();
        var expired = records.Find(BsonExpression.Create($"{LiteDbSessionRecord.ExpiresAt} <= @0", expiredBy), limit: limit).ToList();
        expired.ForEach(record => records.Delete(record["_id"]));
        return (expired.Count, Read(expired));
    }

    private Session? Find(ILiteCollection<BsonDocument> records, SessionId id) =>
        records.FindById(LiteDbSessionRecord.Key(id)) is { } record ? GetLive([record]).SingleOrDefault() : null;

    private static List<BsonDocument> FindByUser(ILiteCollection<BsonDocument> records, string userKey) =>
        [.. records.Find(BsonExpression.Create($"{LiteDbSessionRecord.UserKey} = @0", LiteDbSessionRecord.Key(userKey)))];

    private static void Replace(ILiteCollection<BsonDocument> records, Session session, Session changed)
    {
        if (changed != session)
        {
            records.Update(LiteDbSessionRecord.Create(changed));
        }
    }

    private List<Session> GetLive(List<BsonDocument> records)
    {
        var now = _time.GetUtcNow();
        var live = Read(records);
        live.RemoveAll(session => session.IsExpired(now));
        live.Sort(static (one, other) => (one.CreatedAt, one.Id).CompareTo((other.CreatedAt, other.Id)));
        return live;
    }

    /// <summary>A record that cannot be read counts as signed out.</summary>
    private List<Session> Read(List<BsonDocument> records)
    {
        var sessions = new List<Session>(records.Count);
        foreach (var record in records)
        {
            try
            {
                sessions.Add(LiteDbSessionRecord.Read(record));
            }
            catch (FormatException e)
            {
                _reporter?.Report(LiteDbSessionRecord.ReadId(record), e);
            }
        }

        return sessions;
    }
}
