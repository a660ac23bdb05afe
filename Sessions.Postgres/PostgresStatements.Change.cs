using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Inserting, updating and sweeping.</content>
internal sealed partial class PostgresStatements
{
    public string Insert { get; }

    /// <summary>Inserts those that need not wait, and returns their ids.</summary>
    public string InsertMany { get; }

    /// <summary>Behind <see cref="UserLock"/>; returns a row if the session was inserted.</summary>
    public string InsertOrRefuse { get; }

    /// <summary>Behind <see cref="UserLock"/>; returns the live sessions that made room.</summary>
    public string InsertAndEvict { get; }

    /// <summary><see cref="SessionPatch.ApplyTo"/> in SQL; see <see cref="PostgresUpdateRecord"/>.</summary>
    public string Update { get; }

    /// <summary>Deletes what has expired; behind the columns of a session, how many rows it took. One row without a session when it deleted nothing.</summary>
    public string Sweep { get; }

    private (string Insert, string InsertMany, string InsertOrRefuse, string InsertAndEvict) CreateInserts(string table, long lockSeed)
    {
        var row = PostgresSessionRecord.FormatInsert(table);
        var (columns, user) = (PostgresSessionRecord.Columns(), PostgresSessionRecord.UserKeyParameter);
        var now = $"${PostgresSessionRecord.ColumnCount + 1}";
        var max = $"${PostgresSessionRecord.ColumnCount + 2}";
        return (
            // An insertion reads nothing, so its lock may be part of it. A visitor's null locks nothing.
            $"{row} FROM pg_advisory_xact_lock_shared(hashtextextended({user}, {lockSeed}))",
            // No call waits for what concerns another's user: a session that would have to is left out. In order of id, so that two statements with the same
            // ids do not wait for each other crosswise.
            $"""
            INSERT INTO {table} ({PostgresSessionRecord.InsertColumns})
            SELECT {columns}, expires_at
            FROM unnest({PostgresSessionRecord.Placeholders}) AS session ({columns})
            WHERE user_key IS NULL OR pg_try_advisory_xact_lock_shared(hashtextextended(user_key, {lockSeed}))
            ORDER BY id
            RETURNING id
            """,
            $"{row} WHERE {max} > (SELECT count(*) FROM {table} WHERE user_key = {user} AND expires_at > {now}) RETURNING id",
            // The deletion reads what was added, and so comes after it: otherwise the end of a session would make its id free for another.
            $"""
            WITH evicted AS MATERIALIZED (
                SELECT id FROM {table}
                WHERE id IN (
                    SELECT id FROM {table} WHERE user_key = {user} AND expires_at > {now}
                    ORDER BY created_at DESC, id DESC OFFSET {max} - 1
                )
                ORDER BY id FOR UPDATE
            ), added AS (
                {row} RETURNING true
            ), ended AS (
                DELETE FROM {table} AS session USING evicted, added WHERE session.id = evicted.id
                RETURNING {PostgresSessionRecord.Columns("session")}, {_notifyEnded}
            )
            SELECT {columns} FROM ended {OldestFirst}
            """
        );
    }

    // The row is locked first, in its newest version, so that what is compared, what is removed and what is written belong together: RETURNING alone
    // would know nothing of the values before.
    private static string CreateUpdate(string table, string channel)
    {
        var (conflict, tooLarge, applied) = (
            (int)SessionUpdateOutcome.Conflict,
            (int)SessionUpdateOutcome.TooLarge,
            (int)SessionUpdateOutcome.Applied
        );
        return $"""
            WITH old AS MATERIALIZED (
                SELECT * FROM {table}
                WHERE id = $1 AND expires_at > $2 AND format = {PostgresSessionRecord.CurrentFormat} AND jsonb_typeof("values") = 'object'
                FOR UPDATE
            ), patched AS MATERIALIZED (
                SELECT id, secret, "values" AS before, ("values" - $4) || $3 AS after FROM old
            ), evaluated AS MATERIALIZED (
                SELECT id, after,
                    CASE
                        WHEN secret <> $8 OR secret <> $12 OR NOT before @> $5 OR before ?| $6 THEN {conflict}
                        WHEN $7 < (SELECT sum(octet_length(key) + octet_length(value)) FROM jsonb_each_text(after)) THEN {tooLarge}
                        ELSE {applied}
                    END AS outcome,
                    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(before) WHERE key = ANY ($4)) AS removed
                FROM patched
            ), changed AS (
                UPDATE {table} AS session SET
                    "values" = after,
                    secret = coalesce($9, secret),
                    previous = CASE WHEN $9 IS NULL THEN previous ELSE $10 END,
                    rotated_at = coalesce($11, rotated_at),
                    confirmed_at = CASE WHEN $9 IS NULL THEN coalesce(confirmed_at, $13) END,
                    last_ip = CASE WHEN $17 IS NULL THEN last_ip ELSE $14 END,
                    last_os = CASE WHEN $17 IS NULL THEN last_os ELSE $15 END,
                    last_browser = CASE WHEN $17 IS NULL THEN last_browser ELSE $16 END,
                    last_device = coalesce($17, last_device),
                    last_agent = CASE WHEN $17 IS NULL THEN last_agent ELSE $18 END,
                    authenticated_at = coalesce($19, authenticated_at),
                    authentication_method = CASE WHEN $19 IS NULL THEN authentication_method ELSE $20 END,
                    expires_at = coalesce($21, expires_at),
                    ends_at = coalesce($22, ends_at),
                    sweep_at = least(sweep_at, $21)
                FROM evaluated WHERE evaluated.id = session.id AND outcome = {applied}
                RETURNING {PostgresSessionRecord.Columns("session")}, CASE WHEN $23 THEN {Notify(channel, SessionChangeMessage.Changed)} END
            )
            SELECT {PostgresSessionRecord.Columns("changed")}, outcome, removed FROM changed, evaluated
            UNION ALL
            SELECT {PostgresSessionRecord.Columns("old")}, outcome, NULL FROM old, evaluated WHERE outcome <> {applied}
            """;
    }

    // Only the date of the sweep is indexed: a session that slid since it was written down is found here long before it expires, and gets its next date.
    // Rows that another call works on are left to the next sweep, and a second node that sweeps finds nothing to do. The outer join makes a row without a session.
    private static string CreateSweep(string table, long lockSeed) =>
        $"""
            WITH sweep_lock AS MATERIALIZED (
                SELECT pg_try_advisory_xact_lock(hashtextextended('', {lockSeed})) AS is_acquired
            ), due AS MATERIALIZED (
                SELECT id, expires_at FROM {table}
                WHERE (SELECT is_acquired FROM sweep_lock) AND sweep_at <= $1
                ORDER BY sweep_at LIMIT $2
                FOR UPDATE SKIP LOCKED
            ), deleted AS (
                DELETE FROM {table} AS session USING due WHERE session.id = due.id AND due.expires_at <= $1
                RETURNING {PostgresSessionRecord.Columns("session")}
            ), rescheduled AS (
                UPDATE {table} AS session SET sweep_at = due.expires_at FROM due WHERE session.id = due.id AND due.expires_at > $1
            )
            SELECT deleted.*, (SELECT count(*) FROM due)::int AS due_count FROM (SELECT) AS single LEFT JOIN deleted ON true
            """;
}
