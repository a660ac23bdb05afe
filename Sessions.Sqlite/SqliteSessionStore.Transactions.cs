using Dapper;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <content>What is done inside a connection, and inside the writer's transaction when it writes.</content>
public sealed partial class SqliteSessionStore
{
    /// <exception cref="DuplicateSessionException">The id is taken.</exception>
    private void Insert(SqliteSessionConnection connection, SessionId id, SqliteSessionRecord record)
    {
        if (connection.Execute(Statements.Insert, record) == 0)
        {
            throw new DuplicateSessionException(id);
        }
    }

    /// <summary>Holds a user to the limit after the newest session was inserted.</summary>
    /// <exception cref="SessionLimitException">There are too many, and none may be ended; undoes the insertion.</exception>
    private IReadOnlyList<Session> EnforceLimit(SqliteSessionConnection connection, SessionLimit limit, Session newest)
    {
        var others = FindAll(connection, newest.UserKey!).Where(session => session.Id != newest.Id).ToList();
        var evicted = limit.GetEvicted(others);
        connection.Execute(Statements.Delete, evicted.Select(static session => new { Id = session.Id.ToString() }));
        return evicted;
    }

    private Session? Find(SqliteSessionConnection connection, SessionId id)
    {
        var statement = connection.GetFetch(Statements.Fetch);
        try
        {
            statement.Bind(id.ToString());
            // Of an id there is one at most, so the next row is not asked for.
            if (!statement.Step())
            {
                return null;
            }

            var (lastSeenAt, expiresAt) = (statement.ReadInt64(), statement.ReadInt64());
            return expiresAt <= Now
                ? null
                : _reporter.ReadOrNull(
                    (Id: id, LastSeenAt: lastSeenAt, ExpiresAt: expiresAt, Statement: statement),
                    static row => SqliteSessionRecord.Read(row.Id, row.LastSeenAt, row.ExpiresAt, row.Statement.ReadBytes()),
                    static row => row.Id.ToString()
                );
        }
        finally
        {
            statement.Reset();
        }
    }

    private List<Session> FindAll(SqliteSessionConnection connection, string userKey) =>
        Read(connection.Query<SqliteSessionRecord>(Statements.FetchAll, new { UserKey = userKey, Now }));

    private void Replace(SqliteSessionConnection connection, Session session) =>
        connection.Execute(Statements.Update, SqliteSessionRecord.Create(session));

    private int Touch(SqliteSessionConnection connection, SessionTouch[] touches)
    {
        var now = Now;
        return connection.Execute(
            Statements.Touch,
            touches.Select(touch => new
            {
                Id = touch.Id.ToString(),
                LastSeenAt = touch.LastSeenAt.ToUnixTimeMilliseconds(),
                ExpiresAt = touch.ExpiresAt.ToUnixTimeMilliseconds(),
                Now = now,
            })
        );
    }

    /// <summary>Of records that were deleted, whether they had expired or not, the live ones, oldest first.</summary>
    private List<Session> ReadEnded(IEnumerable<SqliteSessionRecord> records) => Read(records).ToLiveList(_time.GetUtcNow());

    private SweepBatch Sweep(SqliteSessionConnection connection, DateTimeOffset expiredBy, int count)
    {
        var records = connection
            .Query<SqliteSessionRecord>(Statements.Sweep, new { ExpiredBy = expiredBy.ToUnixTimeMilliseconds(), Count = count })
            .AsList();
        return new() { RowCount = records.Count, Sessions = Read(records) };
    }

    private List<Session> Read(IEnumerable<SqliteSessionRecord> records) => [.. records.Select(Read).OfType<Session>()];

    /// <summary>A record that cannot be read counts as signed out.</summary>
    private Session? Read(SqliteSessionRecord record) =>
        _reporter.ReadOrNull(record, static record => record.ToSession(), static record => record.Id);
}
