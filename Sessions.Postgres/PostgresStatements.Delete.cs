namespace Sessions.Postgres;

/// <content>Deleting.</content>
internal sealed partial class PostgresStatements
{
    private static readonly string s_columns = PostgresSessionRecord.Columns();
    private static readonly string s_deleted = PostgresSessionRecord.Columns("session");

    public string Delete { get; }

    /// <summary>Deletes a session and leaves a marker in its row.</summary>
    public string DeleteAndMark { get; }

    public string DeleteByTag { get; }

    /// <summary>
    /// Behind <see cref="UserLock"/>. A session that is spared comes along with those that ended: its presence says that it was alive.
    /// </summary>
    public string DeleteAll { get; }

    private string CreateDelete(string table) =>
        $"DELETE FROM {table} AS session WHERE id = $1 AND marker = 0 RETURNING {s_deleted}, {_notifyEnded}";

    private string CreateDeleteAndMark(string table, string tags) =>
        $"""
            WITH old AS MATERIALIZED (
                SELECT {s_columns}, expires_at > $2 AND {IsReadable} AS is_live FROM {table} WHERE id = $1 AND marker = 0 FOR UPDATE
            ), marked AS (
                {CreateMark(table, "$3", "$4")} FROM old WHERE session.id = old.id AND is_live RETURNING {_notifyEnded}
            ), deleted AS (
                DELETE FROM {table} AS session USING old WHERE session.id = old.id AND NOT is_live
            ), untagged AS (
                DELETE FROM {tags} AS tag USING old WHERE tag.id = old.id
            )
            SELECT {s_columns} FROM old
            """;

    private string CreateDeleteByTag(string table, string tags) =>
        $"""
            WITH tagged AS MATERIALIZED (
                SELECT id FROM {table} WHERE id IN (SELECT id FROM {tags} WHERE name = $1 AND value = $2) ORDER BY id FOR UPDATE
            ), deleted AS (
                DELETE FROM {table} AS session USING tagged WHERE session.id = tagged.id RETURNING {s_deleted}, {_notifyEnded}
            )
            SELECT {s_columns} FROM deleted WHERE expires_at > $3 {OldestFirst}
            """;

    private string CreateDeleteAll(string table) =>
        $"""
            WITH owned AS MATERIALIZED (
                SELECT {s_columns} FROM {table} WHERE user_key = $1 ORDER BY id FOR UPDATE
            ), deleted AS (
                DELETE FROM {table} AS session USING owned
                WHERE session.id = owned.id
                    AND ($2 IS NULL OR (owned.id <> $2 AND EXISTS (SELECT FROM owned AS spared WHERE spared.id = $2 AND spared.expires_at > $3 AND {IsReadable})))
                RETURNING {_notifyEnded}
            )
            SELECT {s_columns} FROM owned WHERE expires_at > $3 {OldestFirst}
            """;

    /// <summary>Turns the row <c>session</c> into a marker: nothing of the session is left in it but its id.</summary>
    private static string CreateMark(string table, string marker, string expiresAt) =>
        $"""
            UPDATE {table} AS session SET
                marker = {marker}, user_key = NULL, expires_at = {expiresAt}, ends_at = {expiresAt}, sweep_at = {expiresAt},
                authenticated_at = NULL, authentication_method = NULL, credential = '', tags = NULL, "values" = '{"{}"}',
                client_ip = NULL, client_os = NULL, client_browser = NULL, client_device = 0, client_agent = NULL,
                last_ip = NULL, last_os = NULL, last_browser = NULL, last_device = 0, last_agent = NULL
            """;
}
