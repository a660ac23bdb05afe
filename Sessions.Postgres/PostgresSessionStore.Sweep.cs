using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Deleting what has expired.</content>
public sealed partial class PostgresSessionStore
{
    private readonly string _sweep;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        SessionSweeping.DeleteExpiredAsync(maxCount, _time, SweepAsync, cancellationToken);

    private async ValueTask<SweepBatch> SweepAsync(DateTimeOffset expiredBy, int count, CancellationToken cancellationToken)
    {
        var rows = await _database
            .QueryAsync(
                row => (Due: row.GetFieldValue<int>(PostgresSessionRecord.ColumnCount), Session: ReadOrNull(row)),
                cancellationToken,
                CreateStatement(_sweep, PostgresParameter.Instant(expiredBy), PostgresParameter.Number(count))
            )
            .ConfigureAwait(false);
        return new() { RowCount = rows[0].Due, Sessions = [.. rows.Select(static row => row.Session).OfType<Session>()] };
    }

    private Session? ReadOrNull(NpgsqlDataReader row) => row.IsDBNull(PostgresSessionRecord.IdOrdinal) ? null : Read(row);

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
                DELETE FROM {table} AS session USING due WHERE session.id = due.id AND due.expires_at <= $1
                RETURNING {PostgresSessionRecord.Columns("session")}
            ), dated AS (
                UPDATE {table} AS session SET sweep_at = due.expires_at FROM due WHERE session.id = due.id AND due.expires_at > $1
            )
            SELECT gone.*, (SELECT count(*) FROM due)::int FROM (SELECT) AS one LEFT JOIN gone ON true
            """;
}
