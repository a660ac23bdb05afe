using Sessions.Stores;

namespace Sessions.Sqlite;

/// <content>What is done inside a connection, and inside the writer's transaction when it writes.</content>
public sealed partial class SqliteSessionStore
{
    /// <exception cref="DuplicateSessionException">The id is taken.</exception>
    private void Insert(SqliteSessionConnection connection, SessionId id, (string Name, object? Value)[] values)
    {
        if (connection.Run(Statements.Insert, values) == 0)
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
        foreach (var session in evicted)
        {
            connection.Read(Statements.Delete, ("@id", session.Id.ToString()));
        }

        return evicted;
    }

    private Session? Find(SqliteSessionConnection connection, SessionId id) =>
        connection.Read(Statements.Find, id) is { } record && record.ExpiresAt > Now ? Read(record) : null;

    private List<Session> FindAll(SqliteSessionConnection connection, string userKey) =>
        Read(connection.Read(Statements.FindAll, ("@userKey", userKey), ("@now", Now)));

    private void Replace(SqliteSessionConnection connection, Session session) =>
        connection.Run(Statements.Update, SqliteSessionRecord.CreateParameters(session));

    private int Touch(SqliteSessionConnection connection, SessionTouch[] touches)
    {
        var now = Now;
        return touches.Sum(touch =>
            connection.Run(
                Statements.Touch,
                ("@id", touch.Id.ToString()),
                ("@lastSeenAt", touch.LastSeenAt.ToUnixTimeMilliseconds()),
                ("@expiresAt", touch.ExpiresAt.ToUnixTimeMilliseconds()),
                ("@now", now)
            )
        );
    }

    /// <summary>Of records that were deleted, whether they had expired or not, the live ones, oldest first.</summary>
    private List<Session> ReadEnded(List<SqliteSessionRecord> records) => Read(records).ToLiveList(_time.GetUtcNow());

    private SweepBatch Sweep(SqliteSessionConnection connection, DateTimeOffset expiredBy, int limit)
    {
        var records = connection.Read(Statements.Sweep, ("@expiredBy", expiredBy.ToUnixTimeMilliseconds()), ("@limit", limit));
        return new() { RowCount = records.Count, Sessions = Read(records) };
    }

    private List<Session> Read(IEnumerable<SqliteSessionRecord> records) => [.. records.Select(Read).OfType<Session>()];

    /// <summary>A record that cannot be read counts as signed out.</summary>
    private Session? Read(SqliteSessionRecord record)
    {
        if (record.Error is { } damage)
        {
            _reporter?.Report(record.Id, damage);
        }

        return record.Session;
    }
}
