using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>
/// Every statement on the table of sessions, made once. Parameters are numbered; those of a session are in the order of
/// <see cref="PostgresSessionRecord"/>.
/// </summary>
internal sealed partial class PostgresStatements
{
    /// <summary>As <see cref="SessionOrder.OldestFirst"/>.</summary>
    private const string OldestFirst = "ORDER BY created_at, id";

    /// <summary>
    /// Whether a row is a session that this version can read, as far as SQL can check it: what cannot be read is signed out, and counts for
    /// no limit.
    /// </summary>
    private const string IsReadable = """
        marker = 0 AND format = 1 AND user_key IS DISTINCT FROM '' AND octet_length(credential) >= 64 AND created_at >= '0001-01-01Z' AND coalesce(idle_timeout_ms, 0) BETWEEN 0 AND 922337203685477
        AND coalesce(octet_length(client_agent), 32) = 32 AND coalesce(octet_length(last_agent), 32) = 32 AND jsonb_typeof("values") = 'object'
        AND NOT jsonb_path_exists("values", '$.* ? (@.type() != "string")')
        """;

    // Evaluated for every row, whether or not the caller reads it, and sent when the transaction commits.
    private readonly string _notifyEnded;

    /// <param name="schema">Where the table is.</param>
    /// <param name="hasFeed">Whether changes are published.</param>
    public PostgresStatements(PostgresSchema schema, bool hasFeed)
    {
        var (table, columns, deleted) = (schema.Table, PostgresSessionRecord.Columns(), PostgresSessionRecord.Columns("session"));
        _notifyEnded = hasFeed ? Notify(schema.Channel, SessionChangeMessage.Ended) : "NULL";
        UserLock = $"SELECT pg_advisory_xact_lock(hashtextextended($1, {schema.LockSeed}))";
        Fetch = $"SELECT {columns} FROM {table} WHERE id = $1";
        FetchMany = $"SELECT {columns} FROM {table} WHERE id = ANY ($1)";
        FetchByTag = $"""
            SELECT {columns} FROM {table}
            WHERE id IN (SELECT id FROM {schema.TagsTable} WHERE name = $1 AND value = $2) AND expires_at > $3 {OldestFirst}
            """;
        FetchAll = $"SELECT {columns} FROM {table} WHERE user_key = $1 AND expires_at > $2 {OldestFirst}";
        // Expiry is not a condition here: a page reads as many rows as it may return sessions, and no more, however many have expired.
        Page = $"SELECT {columns} FROM {table} WHERE id > $1 AND marker = 0 ORDER BY id LIMIT $2";
        Touch = $"""
            WITH wanted AS (
                SELECT id, max(seen) AS seen, max(expires) AS expires
                FROM unnest($1, $2, $3) AS touch (id, seen, expires)
                GROUP BY id
            ), locked AS MATERIALIZED (
                SELECT session.id, seen, expires
                FROM {table} AS session JOIN wanted ON wanted.id = session.id
                WHERE expires_at > $4 AND marker = 0 AND (seen > last_seen_at OR least(expires, ends_at) > expires_at)
                ORDER BY session.id
                FOR UPDATE OF session
            )
            UPDATE {table} AS session
            SET last_seen_at = greatest(last_seen_at, seen), expires_at = greatest(expires_at, least(expires, ends_at))
            FROM locked WHERE locked.id = session.id
            """;
        Delete = $"DELETE FROM {table} AS session WHERE id = $1 AND marker = 0 RETURNING {deleted}, {_notifyEnded}";
        DeleteAndMark = $"""
            WITH old AS MATERIALIZED (
                SELECT {columns}, expires_at > $2 AND {IsReadable} AS is_live FROM {table} WHERE id = $1 AND marker = 0 FOR UPDATE
            ), marked AS (
                {CreateMark(table, "$3", "$4")} FROM old WHERE session.id = old.id AND is_live RETURNING {_notifyEnded}
            ), deleted AS (
                DELETE FROM {table} AS session USING old WHERE session.id = old.id AND NOT is_live
            ), untagged AS (
                DELETE FROM {schema.TagsTable} AS tag USING old WHERE tag.id = old.id
            )
            SELECT {columns} FROM old
            """;
        DeleteByTag = $"""
            WITH tagged AS MATERIALIZED (
                SELECT id FROM {table} WHERE id IN (SELECT id FROM {schema.TagsTable} WHERE name = $1 AND value = $2) ORDER BY id FOR UPDATE
            ), deleted AS (
                DELETE FROM {table} AS session USING tagged WHERE session.id = tagged.id RETURNING {deleted}, {_notifyEnded}
            )
            SELECT {columns} FROM deleted WHERE expires_at > $3 {OldestFirst}
            """;
        DeleteAll = $"""
            WITH owned AS MATERIALIZED (
                SELECT {columns} FROM {table} WHERE user_key = $1 ORDER BY id FOR UPDATE
            ), deleted AS (
                DELETE FROM {table} AS session USING owned
                WHERE session.id = owned.id
                    AND ($2 IS NULL OR (owned.id <> $2 AND EXISTS (SELECT FROM owned AS spared WHERE spared.id = $2 AND spared.expires_at > $3 AND {IsReadable})))
                RETURNING {_notifyEnded}
            )
            SELECT {columns} FROM owned WHERE expires_at > $3 {OldestFirst}
            """;
        (Insert, InsertMany) = CreateInserts(table, schema.LockSeed);
        InsertInPlace = CreateInsertInPlace(table, schema.TagsTable);
        Update = CreateUpdate(table, schema.TagsTable, schema.Channel);
        Sweep = CreateSweep(table, schema.LockSeed);
    }

    /// <summary>Waits until no other call counts the sessions of a user, or ends them all.</summary>
    public string UserLock { get; }

    public string Fetch { get; }

    public string FetchMany { get; }

    public string FetchAll { get; }

    public string FetchByTag { get; }

    public string Page { get; }

    public string Touch { get; }

    public string Delete { get; }

    /// <summary>Deletes a session and leaves a marker in its row.</summary>
    public string DeleteAndMark { get; }

    public string DeleteByTag { get; }

    /// <summary>
    /// Behind <see cref="UserLock"/>. A session that is spared comes along with those that ended: its presence says that it was alive.
    /// </summary>
    public string DeleteAll { get; }

    /// <summary>Turns the row <c>session</c> into a marker: nothing of the session is left in it but its id.</summary>
    private static string CreateMark(string table, string marker, string expiresAt) =>
        $"""
            UPDATE {table} AS session SET
                marker = {marker}, user_key = NULL, expires_at = {expiresAt}, ends_at = {expiresAt}, sweep_at = {expiresAt},
                authenticated_at = NULL, authentication_method = NULL, credential = '', tags = NULL, "values" = '{"{}"}',
                client_ip = NULL, client_os = NULL, client_browser = NULL, client_device = 0, client_agent = NULL,
                last_ip = NULL, last_os = NULL, last_browser = NULL, last_device = 0, last_agent = NULL
            """;

    /// <summary>
    /// Publishes the row <c>session</c> when the transaction commits. A message each: a payload ends at 8000 bytes, a statement that
    /// deletes many does not.
    /// </summary>
    /// <param name="channel">Needs no quotes.</param>
    /// <param name="kind">See <see cref="SessionChangeMessage"/>.</param>
    private static string Notify(string channel, string kind) => $"pg_notify('{channel}', '{kind}' || session.id)::text";
}
