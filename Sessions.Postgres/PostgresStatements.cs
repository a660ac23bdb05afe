using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>Every statement on the table of sessions, made once. Parameters are numbered; those of a session are in the order of <see cref="PostgresSessionRecord"/>.</summary>
internal sealed partial class PostgresStatements
{
    /// <summary>As <see cref="SessionOrder.OldestFirst"/>.</summary>
    private const string OldestFirst = "ORDER BY created_at, id";

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
        FetchAll = $"SELECT {columns} FROM {table} WHERE user_key = $1 AND expires_at > $2 {OldestFirst}";
        // Whether a session has expired is not asked here: a page reads as many rows as it may return sessions, and no more, however many have expired.
        Page = $"SELECT {columns} FROM {table} WHERE id > $1 ORDER BY id LIMIT $2";
        Touch = $"""
            WITH wanted AS (
                SELECT id, max(seen) AS seen, max(expires) AS expires
                FROM unnest($1, $2, $3) AS touch (id, seen, expires)
                GROUP BY id
            ), locked AS MATERIALIZED (
                SELECT session.id, seen, expires
                FROM {table} AS session JOIN wanted ON wanted.id = session.id
                WHERE expires_at > $4 AND (seen > last_seen_at OR expires > expires_at)
                ORDER BY session.id
                FOR UPDATE OF session
            )
            UPDATE {table} AS session
            SET last_seen_at = greatest(last_seen_at, seen), expires_at = greatest(expires_at, expires)
            FROM locked WHERE locked.id = session.id
            """;
        Delete = $"DELETE FROM {table} AS session WHERE id = $1 RETURNING {deleted}, {_notifyEnded}";
        DeleteAll = $"""
            WITH owned AS MATERIALIZED (
                SELECT {columns} FROM {table} WHERE user_key = $1 ORDER BY id FOR UPDATE
            ), deleted AS (
                DELETE FROM {table} AS session USING owned
                WHERE session.id = owned.id
                    AND ($2 IS NULL OR (owned.id <> $2 AND EXISTS (SELECT FROM owned AS spared WHERE spared.id = $2 AND spared.expires_at > $3)))
                RETURNING {_notifyEnded}
            )
            SELECT {columns} FROM owned WHERE expires_at > $3 {OldestFirst}
            """;
        (Insert, InsertMany, InsertOrRefuse, InsertAndEvict) = CreateInserts(table, schema.LockSeed);
        Update = CreateUpdate(table, schema.Channel);
        Sweep = CreateSweep(table, schema.LockSeed);
    }

    /// <summary>Waits until no other call counts the sessions of a user, or ends them all.</summary>
    public string UserLock { get; }

    public string Fetch { get; }

    public string FetchMany { get; }

    public string FetchAll { get; }

    public string Page { get; }

    public string Touch { get; }

    public string Delete { get; }

    /// <summary>Behind <see cref="UserLock"/>. A session that is spared comes along with those that ended: its presence says that it was alive.</summary>
    public string DeleteAll { get; }

    /// <summary>Tells of the row <c>session</c> when the transaction commits. A message each: a payload ends at 8000 bytes, a statement that deletes many does not.</summary>
    /// <param name="channel">Needs no quotes.</param>
    /// <param name="kind">See <see cref="SessionChangeMessage"/>.</param>
    private static string Notify(string channel, string kind) => $"pg_notify('{channel}', '{kind}' || session.id)::text";
}
