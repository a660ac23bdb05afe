namespace Sessions.Sqlite;

/// <summary>
/// Every statement on the table of sessions, made once. Parameters have the names of properties; SQLite compares them with case.
/// </summary>
internal sealed class SqliteStatements(string table)
{
    public string Insert { get; } =
        $"""
            INSERT INTO "{table}" (id, user_key, created_at, last_seen_at, expires_at, ends_at, is_marker, record)
            VALUES (@Id, @UserKey, @CreatedAt, @LastSeenAt, @ExpiresAt, @EndsAt, @IsMarker, @Record)
            ON CONFLICT (id) DO NOTHING
            """;

    /// <summary>Without Dapper, see <see cref="SqlitePreparedStatement"/>: last use, expiry and record.</summary>
    public string Fetch { get; } = $"""SELECT last_seen_at, expires_at, record FROM "{table}" WHERE id = @Id""";

    public string FetchAll { get; } =
        $"""
            SELECT {SqliteSessionRecord.Columns} FROM "{table}"
            WHERE user_key = @UserKey AND expires_at > @Now
            ORDER BY created_at, id
            """;

    /// <summary>Whether a user has more records than a number, live or not. The index alone answers it, and OFFSET reads no column.</summary>
    public string HasMore { get; } = $"""SELECT EXISTS (SELECT 1 FROM "{table}" WHERE user_key = @UserKey LIMIT 1 OFFSET @Count)""";

    public string HasMoreLive { get; } =
        $"""SELECT EXISTS (SELECT 1 FROM "{table}" WHERE user_key = @UserKey AND expires_at > @Now LIMIT 1 OFFSET @Count)""";

    public string FetchIds { get; } = $"""SELECT id FROM "{table}" WHERE user_key = @UserKey AND id IS NOT @Except""";

    public string FetchIdsByTag { get; } = $"""SELECT id FROM "{table}_tags" WHERE name = @Name AND value = @Value""";

    public string InsertTag { get; } = $"""INSERT OR IGNORE INTO "{table}_tags" (name, value, id) VALUES (@Name, @Value, @Id)""";

    public string FetchByTag { get; } =
        $"""
            SELECT {SqliteSessionRecord.Columns} FROM "{table}"
            WHERE id IN (SELECT id FROM "{table}_tags" WHERE name = @Name AND value = @Value) AND expires_at > @Now
            ORDER BY created_at, id
            """;

    /// <summary>For a patch, which keeps what this version does not know of the record.</summary>
    public string FetchRecord { get; } = $"""SELECT {SqliteSessionRecord.Columns} FROM "{table}" WHERE id = @Id AND expires_at > @Now""";

    public string Update { get; } = $"""UPDATE "{table}" SET expires_at = @ExpiresAt, ends_at = @EndsAt, record = @Record WHERE id = @Id""";

    /// <summary>A marker takes the place of a session's record; it has no user and no tags.</summary>
    public string UpdateToMarker { get; } =
        $"""
            UPDATE "{table}" SET user_key = @UserKey, created_at = @CreatedAt, last_seen_at = @LastSeenAt, expires_at = @ExpiresAt, ends_at = @EndsAt,
                is_marker = @IsMarker, record = @Record
            WHERE id = @Id
            """;

    public string DeleteTags { get; } = $"""DELETE FROM "{table}_tags" WHERE id = @Id""";

    /// <summary><see cref="Stores.SessionTouch.ApplyTo"/> in SQL: nothing else of the record need be read for it.</summary>
    public string Touch { get; } =
        $"""
            UPDATE "{table}" SET last_seen_at = max(last_seen_at, @LastSeenAt), expires_at = max(expires_at, min(@ExpiresAt, ends_at))
            WHERE id = @Id AND expires_at > @Now AND NOT is_marker AND (last_seen_at < @LastSeenAt OR expires_at < min(@ExpiresAt, ends_at))
            """;

    public string Delete { get; } = $"""DELETE FROM "{table}" WHERE id = @Id AND NOT is_marker RETURNING {SqliteSessionRecord.Columns}""";

    public string DeleteAll { get; } =
        $"""DELETE FROM "{table}" WHERE user_key = @UserKey AND id IS NOT @Except RETURNING {SqliteSessionRecord.Columns}""";

    /// <summary>By ids as an array of JSON: a statement has one text then, however many there are.</summary>
    public string DeleteMany { get; } =
        $"""
            DELETE FROM "{table}" WHERE id IN (SELECT value FROM json_each(@Ids)) AND NOT is_marker RETURNING {SqliteSessionRecord.Columns}
            """;

    public string Sweep { get; } =
        $"""
            DELETE FROM "{table}" WHERE rowid IN (SELECT rowid FROM "{table}" WHERE expires_at <= @ExpiredBy ORDER BY expires_at LIMIT @Count)
            RETURNING {SqliteSessionRecord.Columns}
            """;

    // Expiry is not a condition here: a page reads as many records as it may return sessions, and no more, however many have expired.
    public string Page { get; } = $"""SELECT {SqliteSessionRecord.Columns} FROM "{table}" WHERE id > @After ORDER BY id LIMIT @Count""";
}
