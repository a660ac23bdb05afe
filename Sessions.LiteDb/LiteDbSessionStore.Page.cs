using LiteDB;

namespace Sessions.LiteDb;

/// <content>Walking through all sessions.</content>
public sealed partial class LiteDbSessionStore
{
    /// <inheritdoc />
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        BsonValue after = continuation is null ? Array.Empty<byte>() : LiteDbSessionRecord.Key(SessionId.Parse(continuation));
        return _connection.ReadAsync<SessionPage?>(records => Page(records, after, pageSize), cancellationToken);
    }

    // Whether a session has expired is not asked here: a page reads as many records as it may return sessions, and no more, however many have expired.
    internal static ILiteQueryableResult<BsonDocument> PageQuery(ILiteCollection<BsonDocument> records, BsonValue after, int limit) =>
        records.Query().Where("_id > @0", after).OrderBy("_id").Limit(limit);

    private SessionPage Page(ILiteCollection<BsonDocument> records, BsonValue after, int limit)
    {
        var sessions = new List<Session>();
        string? last = null;
        bool more;
        do
        {
            // Again only behind a record whose id is none, which somebody else wrote: a walk cannot go on from there.
            var batch = limit - sessions.Count;
            var page = PageQuery(records, after, batch).ToList();
            more = page.Count == batch;
            (after, last) = more ? (page[^1]["_id"], LiteDbSessionRecord.ReadId(page[^1])) : (after, null);
            var now = _time.GetUtcNow();
            sessions.AddRange(Read(page).Where(session => !session.IsExpired(now)));
        } while (more && !SessionId.TryParse(last, out _));

        return new SessionPage { Sessions = sessions, Continuation = last };
    }
}
