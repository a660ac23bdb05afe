using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;
using BatchedInsert = Sessions.Stores.BatchedCall<Sessions.Postgres.PostgresInsert, Sessions.Stores.SessionCreation>;

namespace Sessions.Postgres;

/// <summary>
/// Creates sessions, those of callers that come at the same time with one statement: one transaction, and one wait for the disk. Whatever
/// has to wait for another call, or may reach its user's limit, is left out there and sent alone.
/// </summary>
/// <param name="database">Where to.</param>
/// <param name="statements">What is sent.</param>
/// <param name="insertCounted">Creates one session within its limit.</param>
internal sealed class PostgresInsertBatcher(
    PostgresConnection database,
    PostgresStatements statements,
    Func<PostgresInsert, CancellationToken, ValueTask<SessionCreation>> insertCounted
)
    // As for reads; besides, one statement is sent while the other waits for the disk.
    : RequestBatcher<PostgresInsert, SessionCreation>("PostgreSQL", maxBatches: 2)
{
    private static readonly SessionCreation s_endedNone = new();

    /// <summary>Creates a session.</summary>
    /// <exception cref="SessionStoreException">Any failure; for a taken id, the inner exception is the server's.</exception>
    /// <exception cref="SessionLimitException">The limit is reached.</exception>
    public async ValueTask<SessionCreation> CreateAsync(PostgresInsert insert, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await ExecuteAsync(insert, cancellationToken).ConfigureAwait(false)
            ?? await CreateAloneAsync(insert, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask<SessionCreation?> ExecuteOneAsync(PostgresInsert insert, CancellationToken cancellationToken) =>
        await CreateAloneAsync(insert, cancellationToken).ConfigureAwait(false);

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
            insert.SetResult(created.Contains(insert.Request.Session.Id.ToString()) ? s_endedNone : null);
        }
    }

    private async ValueTask<SessionCreation> CreateAloneAsync(PostgresInsert insert, CancellationToken cancellationToken)
    {
        if (insert.Limit is not null)
        {
            return await insertCounted(insert, cancellationToken).ConfigureAwait(false);
        }

        await database
            .QueryAsync(
                static _ => true,
                cancellationToken,
                CreateStatement(statements.Insert, PostgresSessionRecord.CreateParameters(insert.Session))
            )
            .ConfigureAwait(false);
        return s_endedNone;
    }

    /// <summary>
    /// Whether it may be the fault of one row: a taken id, data, a constraint that was added, or a trigger (classes 22, 23 and P0).
    /// </summary>
    private static bool IsRowFailure(SessionStoreException e) =>
        e.InnerException is PostgresException { SqlState: ['2', '2' or '3', ..] or ['P', '0', ..] };

    private NpgsqlBatchCommand[] CreateStatements(List<BatchedInsert> inserts)
    {
        if (inserts is [])
        {
            return [];
        }

        var rows = PostgresSessionRecord.CreateParameters([.. inserts.Select(static insert => insert.Request.Session)]);
        if (inserts.TrueForAll(static insert => insert.Request.Limit is null))
        {
            return [CreateStatement(statements.InsertMany, rows)];
        }

        var users = inserts.Select(static insert => insert.Request.Limit is null ? null : insert.Request.Session.UserKey);
        var limits = inserts.Select(static insert => insert.Request.Limit?.Max);
        return
        [
            CreateStatement(statements.TryUserLocks, PostgresParameter.OptionalTexts(users)),
            CreateStatement(statements.InsertManyCounted, [.. rows, PostgresParameter.OptionalNumbers(limits)]),
        ];
    }
}

/// <summary>A session to create that has no tags and replaces none.</summary>
internal readonly record struct PostgresInsert
{
    public required Session Session { get; init; }

    /// <summary>Null: the user has none, or there is no user.</summary>
    public SessionLimit? Limit { get; init; }
}
