using Dapper;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <content>What is done inside a connection, and inside the writer's transaction when it writes.</content>
public sealed partial class SqliteSessionStore
{
    /// <exception cref="DuplicateSessionException">The id is taken.</exception>
    /// <exception cref="SessionLimitException">There are too many, and none may be ended; undoes the insertion.</exception>
    private SessionCreation Create(SqliteSessionConnection connection, Session session, SessionLimit? limit, SessionId? replaces)
    {
        if (connection.Execute(Statements.Insert, SqliteSessionParameters.Create(session)) == 0)
        {
            throw new DuplicateSessionException(session.Id);
        }

        InsertTags(connection, session.Id, session.Tags);
        if (session.UserKey is null)
        {
            return new();
        }

        var replaced = replaces == session.Id ? null : FindOwn(connection, replaces, session.UserKey);
        var evicted = limit is null ? [] : FindEvicted(connection, session, limit, replaced);
        connection.Execute(Statements.Delete, evicted.Select(static other => new { Id = other.Id.ToString() }));
        if (replaced is not null)
        {
            Leave(connection, replaced.Id, SessionMarker.Replaced);
        }

        return new() { Evicted = evicted, Replaced = replaced };
    }

    private void InsertTags(SqliteSessionConnection connection, SessionId id, SessionTags tags)
    {
        if (tags.Count > 0)
        {
            connection.Execute(
                Statements.InsertTag,
                tags.Select(tag => new
                {
                    tag.Name,
                    tag.Value,
                    Id = id.ToString(),
                })
            );
        }
    }

    /// <summary>Most users are far from their limit: an index says so, and no session is read.</summary>
    /// <param name="connection">The writer's, with the new session inserted.</param>
    /// <param name="session">The new session.</param>
    /// <param name="limit">The limit of its user.</param>
    /// <param name="replaced">Does not count.</param>
    private IReadOnlyList<Session> FindEvicted(
        SqliteSessionConnection connection,
        Session session,
        SessionLimit limit,
        Session? replaced
    ) =>
        HasMore(connection, session.UserKey!, limit.Max)
            ? limit.GetEvicted(
                session,
                FindAll(connection, session.UserKey!).Where(other => other.Id != session.Id && other.Id != replaced?.Id)
            )
            : [];

    /// <summary>Whether a user has more records than a number, live or not.</summary>
    private bool HasMore(SqliteSessionConnection connection, string userKey, int count) =>
        connection.ExecuteScalar<bool>(Statements.HasMore, new { UserKey = userKey, Count = count });

    private Session? FindOwn(SqliteSessionConnection connection, SessionId? id, string userKey) =>
        id is { } wanted && Find(connection, wanted).Session is { } session && session.UserKey == userKey ? session : null;

    /// <summary>A marker takes the place of a session's record.</summary>
    private void Leave(SqliteSessionConnection connection, SessionId id, SessionMarker marker)
    {
        connection.Execute(Statements.DeleteTags, new { Id = id.ToString() });
        connection.Execute(Statements.UpdateToMarker, SqliteSessionParameters.CreateMarker(id, marker, _time.GetUtcNow()));
    }

    private SessionUpdate Update(SqliteSessionConnection connection, SessionId id, SessionPatch patch)
    {
        var record = connection.QuerySingleOrDefault<SqliteSessionRecord>(Statements.FetchRecord, new { Id = id.ToString(), Now });
        if (record is null || Read(record) is not { } session)
        {
            return SessionUpdate.Gone;
        }

        var update = patch.ApplyTo(session);
        if (update.Session != session)
        {
            var row = SqliteSessionParameters.Create(update.Session!, record);
            connection.Execute(
                Statements.Update,
                new
                {
                    row.Id,
                    row.ExpiresAt,
                    row.EndsAt,
                    row.Record,
                }
            );
            InsertTags(connection, id, patch.Tags);
        }

        return update;
    }

    private SessionLookup Find(SqliteSessionConnection connection, SessionId id)
    {
        var statement = connection.GetFetch(Statements.Fetch);
        try
        {
            statement.Bind(id.ToString());
            // An id has one row at most, so no second row is read.
            if (!statement.Step())
            {
                return default;
            }

            var (lastSeenAt, expiresAt) = (statement.ReadInt64(), statement.ReadInt64());
            return expiresAt <= Now
                ? default
                : _reporter.ReadOrDefault(
                    (Id: id, LastSeenAt: lastSeenAt, ExpiresAt: expiresAt, Statement: statement),
                    static row => SqliteSessionRecord.ReadLookup(row.Id, row.LastSeenAt, row.ExpiresAt, row.Statement.ReadBytes()),
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

    private SweepBatch Sweep(SqliteSessionConnection connection, DateTimeOffset expiredBy, int count)
    {
        var records = connection
            .Query<SqliteSessionRecord>(Statements.Sweep, new { ExpiredBy = expiredBy.ToUnixTimeMilliseconds(), Count = count })
            .AsList();
        return new() { RowCount = records.Count, Sessions = Read(records) };
    }

    private List<Session> Read(IEnumerable<SqliteSessionRecord> records) => [.. records.Select(Read).OfType<Session>()];

    /// <summary>The session of a record; null: it is a marker, or cannot be read and counts as signed out.</summary>
    private Session? Read(SqliteSessionRecord record) =>
        _reporter.ReadOrDefault(record, static record => record.ToSession(), static record => record.Id);
}
