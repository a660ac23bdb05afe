using System.Data.Common;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Deleting what has expired.</content>
public sealed partial class PostgresSessionStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        SessionSweeping.DeleteExpiredAsync(maxCount, _time, SweepAsync, cancellationToken);

    private async ValueTask<SweepBatch> SweepAsync(DateTimeOffset expiredBy, int count, CancellationToken cancellationToken)
    {
        var rows = await _database
            .QueryAsync(
                ReadSwept,
                cancellationToken,
                PostgresConnection.CreateStatement(_statements.Sweep, PostgresParameter.Instant(expiredBy), PostgresParameter.Number(count))
            )
            .ConfigureAwait(false);
        return new() { RowCount = rows[0].DueCount, Sessions = [.. rows.Select(static row => row.Session).OfType<Session>()] };
    }

    private (int DueCount, Session? Session) ReadSwept(DbDataReader row)
    {
        // Mapped by itself: it is the same in a row whose session cannot be mapped.
        var sweep = PostgresRow.ReadSweep(row);
        return (sweep.DueCount, sweep.Id is null ? null : Read(row));
    }
}
