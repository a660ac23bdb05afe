using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Deleting what has expired.</content>
public sealed partial class PostgresSessionStore
{
    private readonly string _sweep;

    /// <inheritdoc />
    public async ValueTask<int> DeleteExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var expiredBy = _time.GetUtcNow() - ClockTolerance.Deletion;
        var deleted = 0;
        int batch;
        int due;
        do
        {
            batch = limit - deleted;
            var rows = await _database
                .QueryAsync(
                    static row => (Due: row.GetFieldValue<int>(0), Deleted: row.GetFieldValue<int>(1)),
                    cancellationToken,
                    Statement(_sweep, PostgresParameter.Instant(expiredBy), PostgresParameter.Number(batch))
                )
                .ConfigureAwait(false);
            due = rows[0].Due;
            deleted += rows[0].Deleted;
        } while (due == batch && deleted < limit);

        return deleted;
    }

    // Only the date of the sweep is indexed: a session that slid since it was written down is found here long before it expires, and gets its next date.
    // Rows that somebody works on are left to the next sweep, and a second node that sweeps finds nothing to do.
    private static string SweepSql(string table, long lockSeed) =>
        $"""
            WITH turn AS MATERIALIZED (
                SELECT pg_try_advisory_xact_lock(hashtextextended('', {lockSeed})) AS mine
            ), due AS MATERIALIZED (
                SELECT id, expires_at FROM {table}
                WHERE (SELECT mine FROM turn) AND sweep_at <= $1
                ORDER BY sweep_at LIMIT $2
                FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM {table} AS session USING due WHERE session.id = due.id AND due.expires_at <= $1 RETURNING 1
            ), dated AS (
                UPDATE {table} AS session SET sweep_at = due.expires_at FROM due WHERE session.id = due.id AND due.expires_at > $1
            )
            SELECT (SELECT count(*) FROM due)::int, (SELECT count(*) FROM gone)::int
            """;
}
