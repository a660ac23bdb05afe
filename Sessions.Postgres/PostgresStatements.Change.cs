using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Inserting, updating and sweeping.</content>
internal sealed partial class PostgresStatements
{
    public string Insert { get; }

    /// <summary>Inserts those that need not wait, and returns their ids.</summary>
    public string InsertMany { get; }

    /// <summary>
    /// Takes the locks of those users that are free, an array with a null where none is wanted, and notes their places for
    /// <see cref="InsertManyCounted"/>.
    /// </summary>
    public string TryUserLocks { get; }

    /// <summary>
    /// As <see cref="InsertMany"/>, with the limit of each, or null, in one more array. A session with a limit is inserted if its user's
    /// lock was free, and has so few records that the limit cannot be reached. Of several of one user each counts those before it.
    /// </summary>
    public string InsertManyCounted { get; }

    /// <summary>
    /// Behind <see cref="UserLock"/>: inserts a session with its tags, if the limit allows; ends those that make room, and the one that it
    /// replaces. Returns those that ended, with what became of each, and one row without a session that says what became of the new one.
    /// </summary>
    public string InsertInPlace { get; }

    /// <summary><see cref="SessionPatch.ApplyTo"/> in SQL; see <see cref="PostgresUpdateRecord"/>.</summary>
    public string Update { get; }

    /// <summary>
    /// Deletes what has expired; behind the columns of a session, how many rows it took. One row without a session when it deleted nothing.
    /// </summary>
    public string Sweep { get; }

    private static (string Insert, string InsertMany) CreateInserts(string table, long lockSeed)
    {
        var user = PostgresSessionRecord.FindPlaceholder("user_key");
        return (
            // An insertion reads nothing, so its lock may be part of it. A visitor's null locks nothing.
            $"""
            INSERT INTO {table} ({PostgresSessionRecord.InsertColumns})
            SELECT {PostgresSessionRecord.Placeholders}, {PostgresSessionRecord.FindPlaceholder("expires_at")}
            FROM pg_advisory_xact_lock_shared(hashtextextended({user}, {lockSeed}))
            """,
            // No call waits for what concerns another's user: a session that would have to is left out. In order of id, so that two
            // statements with the same ids do not wait for each other crosswise.
            $"""
            INSERT INTO {table} ({PostgresSessionRecord.InsertColumns})
            SELECT {PostgresSessionRecord.SessionColumns}, expires_at
            FROM unnest({PostgresSessionRecord.Placeholders}) AS session ({PostgresSessionRecord.SessionColumns})
            WHERE user_key IS NULL OR pg_try_advisory_xact_lock_shared(hashtextextended(user_key, {lockSeed}))
            ORDER BY id
            RETURNING id
            """
        );
    }

    // The locks come first, by a statement of their own: one that counts sees what was committed before it began. It cannot see which locks
    // are held, and one that is free only now is too late; so their places go along in a setting that ends with the transaction. (It reads
    // as empty when it was set before on the connection.)
    private static (string TryUserLocks, string InsertManyCounted) CreateCountedInserts(string table, long lockSeed)
    {
        const string locked = "'sessions.locked'";
        return (
            $"""
            SELECT set_config({locked}, coalesce(array_agg(place)::text, {"'{}'"}), true)
            FROM unnest($1) WITH ORDINALITY AS wanted (user_key, place)
            WHERE pg_try_advisory_xact_lock(hashtextextended(user_key, {lockSeed}))
            """,
            $"""
            INSERT INTO {table} ({PostgresSessionRecord.InsertColumns})
            SELECT {PostgresSessionRecord.SessionColumns}, expires_at
            FROM (
                SELECT *, row_number() OVER (PARTITION BY user_key ORDER BY place) AS nth
                FROM unnest({PostgresSessionRecord.Placeholders}, ${PostgresSessionRecord.ParameterCount + 1})
                    WITH ORDINALITY AS given ({PostgresSessionRecord.SessionColumns}, max, place)
            ) AS session
            WHERE CASE
                WHEN user_key IS NULL THEN true
                WHEN max IS NULL THEN pg_try_advisory_xact_lock_shared(hashtextextended(user_key, {lockSeed}))
                ELSE place = ANY (nullif(current_setting({locked}, true), '')::bigint[])
                    AND max >= nth + (SELECT count(*) FROM (SELECT FROM {table} AS other WHERE other.user_key = session.user_key LIMIT session.max) AS counted)
            END
            ORDER BY id
            RETURNING id
            """
        );
    }

    private string CreateInsertInPlace(string table, string tags)
    {
        var columns = PostgresSessionRecord.Columns();
        var (id, user, expiresAt, bearer) = (
            PostgresSessionRecord.FindPlaceholder("id"),
            PostgresSessionRecord.FindPlaceholder("user_key"),
            PostgresSessionRecord.FindPlaceholder("expires_at"),
            PostgresSessionRecord.FindPlaceholder("bearer")
        );
        string Next(int offset) => $"${PostgresSessionRecord.ParameterCount + offset}";
        var (now, max, refuses, replaces) = (Next(1), Next(2), Next(3), Next(4));
        var (names, texts, all, marker, markerUntil) = (Next(5), Next(6), Next(7), Next(8), Next(9));
        // Most users are far from their limit, by the number of their records alone, which an index has: then no other row is read, nor
        // locked, but that of the session that is replaced. The deletions read what was added, and so come after it: otherwise the end of a
        // session would make its id free for another.
        return $"""
            WITH wanted AS MATERIALIZED (
                SELECT id FROM {table}
                WHERE user_key = {user}
                    AND {max} <= (SELECT count(*) FROM (SELECT FROM {table} WHERE user_key = {user} LIMIT coalesce({max}, 0)) AS records)
                UNION SELECT {replaces}
            ), others AS MATERIALIZED (
                SELECT {columns} FROM {table}
                WHERE id = ANY (ARRAY(SELECT id FROM wanted)) AND user_key = {user} AND expires_at > {now} AND {IsReadable}
                ORDER BY id FOR UPDATE
            ), counted AS (
                SELECT id, row_number() OVER (ORDER BY last_seen_at DESC, created_at DESC, id DESC) AS place
                FROM others WHERE bearer = {bearer} AND id IS DISTINCT FROM {replaces}
            ), added AS (
                INSERT INTO {table} ({PostgresSessionRecord.InsertColumns}, tags)
                SELECT {PostgresSessionRecord.Placeholders}, {expiresAt}, {all}
                WHERE {max} IS NULL OR NOT {refuses} OR {max} > (SELECT count(*) FROM counted)
                RETURNING id
            ), tagged AS (
                INSERT INTO {tags} (name, value, id) SELECT name, value, added.id FROM added, unnest({names}, {texts}) AS tag (name, value)
            ), evicted AS (
                DELETE FROM {table} AS session USING counted, added WHERE session.id = counted.id AND place >= {max}
                RETURNING session.id, {_notifyEnded}
            ), replaced AS (
                {CreateMark(table, marker, markerUntil)}
                FROM others, added WHERE session.id = others.id AND others.id = {replaces} RETURNING session.id, {_notifyEnded}
            ), untagged AS (
                DELETE FROM {tags} AS tag USING replaced WHERE tag.id = replaced.id
            )
            SELECT others.*, others.id = {replaces} AS is_replaced, EXISTS (SELECT FROM added) AS is_added, EXISTS (SELECT FROM {table} WHERE id = {id}) AS is_taken
            FROM (SELECT) AS single
            LEFT JOIN others ON others.id IN (SELECT id FROM evicted UNION ALL SELECT id FROM replaced)
            ORDER BY last_seen_at, created_at, id
            """;
    }

    // The row is locked first, in its newest version, so that what is compared, what is removed and what is written belong together:
    // RETURNING alone would not have the earlier values.
    private static string CreateUpdate(string table, string tags, string channel)
    {
        var (conflict, tooLarge, applied) = (
            (int)SessionUpdateOutcome.Conflict,
            (int)SessionUpdateOutcome.TooLarge,
            (int)SessionUpdateOutcome.Applied
        );
        return $"""
            WITH old AS MATERIALIZED (
                SELECT * FROM {table}
                WHERE id = $1 AND expires_at > $2 AND marker = 0 AND format = {PostgresSessionRecord.CurrentFormat} AND jsonb_typeof("values") = 'object'
                FOR UPDATE
            ), patched AS MATERIALIZED (
                SELECT id, credential, "values" AS before, ("values" - $4) || $3 AS after, tags FROM old
            ), fresh AS MATERIALIZED (
                SELECT name, value FROM old, unnest($20, $21) AS given (name, value)
                WHERE NOT EXISTS (
                    SELECT FROM generate_series(1, cardinality(old.tags), 2) AS at WHERE old.tags[at] = given.name AND old.tags[at + 1] = given.value
                )
            ), evaluated AS MATERIALIZED (
                SELECT id, after,
                    CASE
                        WHEN credential <> $8 OR NOT before @> $5 OR before ?| $6 THEN {conflict}
                        WHEN EXISTS (SELECT FROM fresh) AND coalesce(cardinality(tags), 0) / 2 + (SELECT count(*) FROM fresh) > {SessionTags.MaxCount} THEN {tooLarge}
                        WHEN $7 < (SELECT sum(octet_length(key) + octet_length(value)) FROM jsonb_each_text(after)) THEN {tooLarge}
                        ELSE {applied}
                    END AS outcome,
                    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(before) WHERE key = ANY ($4)) AS removed
                FROM patched
            ), changed AS (
                UPDATE {table} AS session SET
                    "values" = after,
                    credential = coalesce($9, credential),
                    last_ip = CASE WHEN $13 IS NULL THEN last_ip ELSE $10 END,
                    last_os = CASE WHEN $13 IS NULL THEN last_os ELSE $11 END,
                    last_browser = CASE WHEN $13 IS NULL THEN last_browser ELSE $12 END,
                    last_device = coalesce($13, last_device),
                    last_agent = CASE WHEN $13 IS NULL THEN last_agent ELSE $14 END,
                    authenticated_at = coalesce($15, authenticated_at),
                    authentication_method = CASE WHEN $15 IS NULL THEN authentication_method ELSE $16 END,
                    expires_at = coalesce($17, expires_at),
                    ends_at = coalesce($18, ends_at),
                    sweep_at = least(sweep_at, $17),
                    tags = CASE
                        WHEN EXISTS (SELECT FROM fresh) THEN coalesce(tags, ARRAY[]::text[]) || (
                            SELECT array_agg(part ORDER BY name, value, at) FROM fresh, unnest(ARRAY[name, value]) WITH ORDINALITY AS piece (part, at)
                        )
                        ELSE tags
                    END
                FROM evaluated WHERE evaluated.id = session.id AND outcome = {applied}
                RETURNING {PostgresSessionRecord.Columns("session")}, CASE WHEN $19 THEN {Notify(channel, SessionChangeMessage.Changed)} END
            ), tagged AS (
                INSERT INTO {tags} (name, value, id)
                SELECT name, value, evaluated.id FROM fresh, evaluated WHERE outcome = {applied}
                ON CONFLICT DO NOTHING
            )
            SELECT {PostgresSessionRecord.Columns("changed")}, outcome, removed FROM changed, evaluated
            UNION ALL
            SELECT {PostgresSessionRecord.Columns("old")}, outcome, NULL FROM old, evaluated WHERE outcome <> {applied}
            """;
    }

    // Only the date of the sweep is indexed: a session that slid since it was written down is found here long before it expires, and gets
    // its next date. Rows that another call works on are left to the next sweep, and a second node that sweeps finds nothing to do. The
    // outer join makes a row without a session.
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
