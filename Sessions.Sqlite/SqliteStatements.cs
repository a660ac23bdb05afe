namespace Sessions.Sqlite;

/// <summary>What is said to SQLite of sessions, each text made once.</summary>
internal sealed class SqliteStatements(string table)
{
    public string Insert { get; } =
        $"""
            INSERT INTO "{table}" (id, user_key, created_at, last_seen_at, expires_at, record)
            VALUES (@Id, @UserKey, @CreatedAt, @LastSeenAt, @ExpiresAt, @Record)
            ON CONFLICT (id) DO NOTHING
            """;

    public string Find { get; } = $"""SELECT {SqliteSessionRecord.ColumnsWithoutId} FROM "{table}" WHERE id = @id""";

    public string FindAll { get; } =
        $"""
            SELECT {SqliteSessionRecord.Columns} FROM "{table}"
            WHERE user_key = @userKey AND expires_at > @now
            ORDER BY created_at, id
            """;

    public string Update { get; } = $"""UPDATE "{table}" SET expires_at = @ExpiresAt, record = @Record WHERE id = @Id""";

    /// <summary><see cref="Stores.SessionTouch.ApplyTo"/> in SQL: nothing else of the record need be read for it.</summary>
    public string Touch { get; } =
        $"""
            UPDATE "{table}" SET last_seen_at = max(last_seen_at, @lastSeenAt), expires_at = max(expires_at, @expiresAt)
            WHERE id = @id AND expires_at > @now AND (last_seen_at < @lastSeenAt OR expires_at < @expiresAt)
            """;

    public string Delete { get; } = $"""DELETE FROM "{table}" WHERE id = @id RETURNING {SqliteSessionRecord.Columns}""";

    public string DeleteAll { get; } =
        $"""DELETE FROM "{table}" WHERE user_key = @userKey AND id IS NOT @except RETURNING {SqliteSessionRecord.Columns}""";

    public string Sweep { get; } =
        $"""
            DELETE FROM "{table}" WHERE rowid IN (SELECT rowid FROM "{table}" WHERE expires_at <= @expiredBy ORDER BY expires_at LIMIT @limit)
            RETURNING {SqliteSessionRecord.Columns}
            """;

    // Whether a session has expired is not asked here: a page reads as many records as it may return sessions, and no more, however many have expired.
    public string Page { get; } = $"""SELECT {SqliteSessionRecord.Columns} FROM "{table}" WHERE id > @after ORDER BY id LIMIT @limit""";
}
