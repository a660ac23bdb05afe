using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;
using BatchedInsert = Sessions.Stores.BatchedCall<Sessions.Session, System.Collections.Generic.IReadOnlyList<Sessions.Session>>;

namespace Sessions.Postgres;

/// <summary>
/// Creates sessions without a limit, those of callers that come at the same time with one statement: one transaction, and one wait for the
/// disk.
/// </summary>
internal sealed class PostgresInsertBatcher(PostgresConnection database, PostgresStatements statements)
    // As for reads; besides, one statement is sent while the other waits for the disk.
    : RequestBatcher<Session, IReadOnlyList<Session>>("PostgreSQL", maxBatches: 2)
{
    /// <summary>Creates a session.</summary>
    /// <exception cref="SessionStoreException">Any failure; for a taken id, the inner exception is the server's.</exception>
    public async ValueTask CreateAsync(Session session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await ExecuteAsync(session, cancellationToken).ConfigureAwait(false) is null)
        {
            await ExecuteOneAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async ValueTask<IReadOnlyList<Session>?> ExecuteOneAsync(Session session, CancellationToken cancellationToken)
    {
        await database
            .QueryAsync(
                static _ => true,
                cancellationToken,
                CreateStatement(statements.Insert, PostgresSessionRecord.CreateParameters(session))
            )
            .ConfigureAwait(false);
        return [];
    }

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        List<BatchedInsert> inserts = [];
        HashSet<string> created;
        try
        {
            var rows = await database
                .QueryAsync(PostgresRow.ReadId, () => CreateStatements(inserts = batch.Close()), CancellationToken.None)
                .ConfigureAwait(false);
            created = [.. rows];
        }
        // A failure before sending is not caused by a row, and fails every call.
        catch (SessionStoreException e) when (inserts is [_, ..] && IsRowFailure(e))
        {
            // Nothing was written. Each row is sent again alone, so that the server reports the one that failed.
            created = [];
        }

        foreach (var insert in inserts)
        {
            insert.SetResult(created.Contains(insert.Request.Id.ToString()) ? [] : null);
        }
    }

    /// <summary>
    /// Whether it may be the fault of one row: a taken id, data, a constraint that was added, or a trigger (classes 22, 23 and P0).
    /// </summary>
    private static bool IsRowFailure(SessionStoreException e) =>
        e.InnerException is PostgresException { SqlState: ['2', '2' or '3', ..] or ['P', '0', ..] };

    private NpgsqlBatchCommand[] CreateStatements(List<BatchedInsert> inserts) =>
        inserts is []
            ? []
            :
            [
                CreateStatement(
                    statements.InsertMany,
                    PostgresSessionRecord.CreateParameters([.. inserts.Select(static insert => insert.Request)])
                ),
            ];
}
