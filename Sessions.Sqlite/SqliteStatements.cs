namespace Sessions.Sqlite;

/// <summary>What is said to SQLite of sessions, each text made once.</summary>
internal sealed class SqliteStatements(string table)
{
    public string Insert { get; } =
        $"""
            INSERT INTO "{table}" (
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
            """;

    public string Find { get; } = $"""SELECT {SqliteSessionRecord.Columns} FROM "{table}" WHERE id = @id AND expires_at > @now""";

    public string FindAll { get; } =
        $"""
            SELECT {SqliteSessionRecord.Columns} FROM "{table}"
            WHERE user_key = @userKey AND expires_at > @now
            ORDER BY created_at, id
            """;

    public string Replace { get; } =
        $"""
            UPDATE "{table}" SET
                expires_at = @ExpiresAt, ends_at = @EndsAt, authenticated_at = @AuthenticatedAt,
                authentication_method = @AuthenticationMethod, last_client_ip = @LastClientIP, last_client_os = @LastClientOS,
                last_client_browser = @LastClientBrowser, last_client_device = @LastClientDevice,
                last_client_agent_hash = @LastClientAgentHash, value_map = @ValueMap, secret_hash = @SecretHash,
                previous_secret_hash = @PreviousSecretHash, rotated_at = @RotatedAt, confirmed_at = @ConfirmedAt
            WHERE id = @Id
            """;

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
