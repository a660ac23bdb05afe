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
        var table = schema.Table;
        _notifyEnded = hasFeed ? Notify(schema.Channel, SessionChangeMessage.Ended) : "NULL";
        UserLock = $"SELECT pg_advisory_xact_lock(hashtextextended($1, {schema.LockSeed}))";
        Fetch = $"SELECT {s_columns} FROM {table} WHERE id = $1";
        FetchMany = $"SELECT {s_columns} FROM {table} WHERE id = ANY ($1)";
        FetchByTag = $"""
            SELECT {s_columns} FROM {table}
            WHERE id IN (SELECT id FROM {schema.TagsTable} WHERE name = $1 AND value = $2) AND expires_at > $3 {OldestFirst}
            """;
        FetchAll = $"SELECT {s_columns} FROM {table} WHERE user_key = $1 AND expires_at > $2 {OldestFirst}";
        // Expiry is not a condition here: a page reads as many rows as it may return sessions, and no more, however many have expired.
        Page = $"SELECT {s_columns} FROM {table} WHERE id > $1 AND marker = 0 ORDER BY id LIMIT $2";
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
        Delete = CreateDelete(table);
        DeleteAndMark = CreateDeleteAndMark(table, schema.TagsTable);
        DeleteByTag = CreateDeleteByTag(table, schema.TagsTable);
        DeleteAll = CreateDeleteAll(table);
        (Insert, InsertMany) = CreateInserts(table, schema.LockSeed);
        (TryUserLocks, InsertManyCounted) = CreateCountedInserts(table, schema.LockSeed);
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

    /// <summary>
    /// Publishes the row <c>session</c> when the transaction commits. A message each: a payload ends at 8000 bytes, a statement that
    /// deletes many does not.
    /// </summary>
    /// <param name="channel">Needs no quotes.</param>
    /// <param name="kind">See <see cref="SessionChangeMessage"/>.</param>
    private static string Notify(string channel, string kind) => $"pg_notify('{channel}', '{kind}' || session.id)::text";
}
