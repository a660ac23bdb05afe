using Dapper;
using Microsoft.Data.Sqlite;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <content>What is done inside a connection, and inside the writer's transaction when it writes.</content>
public sealed partial class SqliteSessionStore
{
    /// <exception cref="DuplicateSessionException">The id is taken.</exception>
    private void Insert(SqliteConnection connection, SqliteSessionRecord record)
    {
        var inserted = connection.Execute(
            $"""
            INSERT INTO {_table} (
                format, id, user_key, created_at, last_seen_at, expires_at, ends_at, idle_timeout, persistent, authenticated_at,
                authentication_method, client_ip, client_os, client_browser, client_device, client_agent_hash, last_client_ip,
                last_client_os, last_client_browser, last_client_device, last_client_agent_hash, value_map, lineage_hash, secret_hash,
                previous_secret_hash, rotated_at, confirmed_at
            )
            VALUES (
                @Format, @Id, @UserKey, @CreatedAt, @LastSeenAt, @ExpiresAt, @EndsAt, @IdleTimeout, @Persistent, @AuthenticatedAt,
                @AuthenticationMethod, @ClientIP, @ClientOS, @ClientBrowser, @ClientDevice, @ClientAgentHash, @LastClientIP,
                @LastClientOS, @LastClientBrowser, @LastClientDevice, @LastClientAgentHash, @ValueMap, @LineageHash, @SecretHash,
                @PreviousSecretHash, @RotatedAt, @ConfirmedAt
            )
            ON CONFLICT (id) DO NOTHING
            """,
            record
        );
        if (inserted == 0)
        {
            throw new DuplicateSessionException(SessionId.Parse(record.Id));
        }
    }

    /// <summary>Holds a user to the limit after his newest session was inserted.</summary>
    /// <exception cref="SessionLimitException">There are too many, and none may be ended; undoes the insertion.</exception>
    private List<Session> Enforce(SqliteConnection connection, SessionLimit limit, SqliteSessionRecord newest)
    {
        var others = FindAll(connection, newest.UserKey!).Where(session => session.Id.ToString() != newest.Id).ToList();
        var surplus = Math.Max(0, others.Count + 1 - limit.Max);
        if (surplus > 0 && limit.Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(limit);
        }

        var ended = others.GetRange(0, surplus);
        connection.Execute($"DELETE FROM {_table} WHERE id = @Id", ended.Select(static session => new { Id = session.Id.ToString() }));
        return ended;
    }

    private string FindSql => $"SELECT {SqliteSessionRecord.Columns} FROM {_table} WHERE id = @id AND expires_at > @now";

    private Session? Find(SqliteReader reader, SessionId id) => reader.Find(id, Now) is { } record ? Read(record) : null;

    private Session? Find(SqliteConnection connection, SessionId id) =>
        connection.QueryFirstOrDefault<SqliteSessionRecord>(FindSql, new { id = id.ToString(), now = Now }) is { } record
            ? Read(record)
            : null;

    private List<Session> FindAll(SqliteConnection connection, string userKey) =>
        Read(
            connection.Query<SqliteSessionRecord>(
                $"""
                SELECT {SqliteSessionRecord.Columns} FROM {_table}
                WHERE user_key = @userKey AND expires_at > @Now
                ORDER BY created_at, id
                """,
                new { userKey, Now }
            )
        );

    private void Replace(SqliteConnection connection, SqliteSessionRecord record) =>
        connection.Execute(
            $"""
            UPDATE {_table} SET
                expires_at = @ExpiresAt, ends_at = @EndsAt, authenticated_at = @AuthenticatedAt,
                authentication_method = @AuthenticationMethod, last_client_ip = @LastClientIP, last_client_os = @LastClientOS,
                last_client_browser = @LastClientBrowser, last_client_device = @LastClientDevice,
                last_client_agent_hash = @LastClientAgentHash, value_map = @ValueMap, secret_hash = @SecretHash,
                previous_secret_hash = @PreviousSecretHash, rotated_at = @RotatedAt, confirmed_at = @ConfirmedAt
            WHERE id = @Id
            """,
            record
        );

    /// <summary><see cref="SessionTouch.ApplyTo"/> in SQL: nothing else of the record need be read for it.</summary>
    private int Touch(SqliteConnection connection, SessionTouch[] touches)
    {
        var now = Now;
        return connection.Execute(
            $"""
            UPDATE {_table} SET last_seen_at = max(last_seen_at, @LastSeenAt), expires_at = max(expires_at, @ExpiresAt)
            WHERE id = @Id AND expires_at > @now AND (last_seen_at < @LastSeenAt OR expires_at < @ExpiresAt)
            """,
            touches.Select(touch => new
            {
                Id = touch.Id.ToString(),
                LastSeenAt = touch.LastSeenAt.ToUnixTimeMilliseconds(),
                ExpiresAt = touch.ExpiresAt.ToUnixTimeMilliseconds(),
                now,
            })
        );
    }

    /// <summary>Deletes records whether they have expired or not.</summary>
    /// <returns>The live ones, oldest first.</returns>
    private List<Session> Delete(SqliteConnection connection, string condition, object parameters)
    {
        var records = connection.Query<SqliteSessionRecord>(
            $"DELETE FROM {_table} WHERE {condition} RETURNING {SqliteSessionRecord.Columns}",
            parameters
        );
        var now = Now;
        return
        [
            .. Read(records.Where(record => record.ExpiresAt > now))
                .OrderBy(static session => session.CreatedAt)
                .ThenBy(static session => session.Id),
        ];
    }

    private (int Deleted, List<Session> Sessions) Sweep(SqliteConnection connection, int limit)
    {
        var records = connection
            .Query<SqliteSessionRecord>(
                $"""
                DELETE FROM {_table} WHERE rowid IN (SELECT rowid FROM {_table} WHERE expires_at <= @expiredBy ORDER BY expires_at LIMIT @limit)
                RETURNING {SqliteSessionRecord.Columns}
                """,
                new { expiredBy = Now - (long)ClockTolerance.Deletion.TotalMilliseconds, limit }
            )
            .AsList();
        return (records.Count, Read(records));
    }

    private List<Session> Read(IEnumerable<SqliteSessionRecord> records) => [.. records.Select(Read).OfType<Session>()];

    /// <summary>A record that cannot be read counts as signed out.</summary>
    private Session? Read(SqliteSessionRecord record)
    {
        try
        {
            return record.ToSession();
        }
        catch (FormatException e)
        {
            _unreadable?.Report(record.Id, e);
            return null;
        }
    }
}
