using System.Data.Common;
using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;
using BatchedRead = Sessions.Stores.BatchedCall<Sessions.SessionId, Sessions.Postgres.PostgresFetchedRow>;

namespace Sessions.Postgres;

/// <summary>Reads rows by their ids, those of callers that come at the same time with one statement.</summary>
internal sealed class PostgresReadBatcher(
    PostgresConnection database,
    PostgresStatements statements,
    Func<DbDataReader, PostgresFetchedRow> readRow
)
    // With one batch at a time, a connection that hangs would delay every call; with more than two, batches would be smaller and cost more.
    : RequestBatcher<SessionId, PostgresFetchedRow>("PostgreSQL", maxBatches: 2)
{
    protected override async ValueTask<PostgresFetchedRow?> ExecuteOneAsync(SessionId id, CancellationToken cancellationToken)
    {
        var rows = await database
            .QueryAsync(readRow, cancellationToken, CreateStatement(statements.Fetch, PostgresParameter.Id(id)))
            .ConfigureAwait(false);
        return rows is [var row] ? row : null;
    }

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        List<BatchedRead> reads = [];
        var rows = await database
            .QueryAsync(readRow, () => CreateStatements(reads = batch.Close()), CancellationToken.None)
            .ConfigureAwait(false);
        var byId = rows.ToDictionary(static row => row.Id, StringComparer.Ordinal);
        foreach (var read in reads)
        {
            read.SetResult(byId.GetValueOrDefault(read.Request.ToString()));
        }
    }

    private NpgsqlBatchCommand[] CreateStatements(List<BatchedRead> reads) =>
        reads switch
        {
            [] => [],
            [var only] => [CreateStatement(statements.Fetch, PostgresParameter.Id(only.Request))],
            _ => [CreateStatement(statements.FetchMany, PostgresParameter.Texts(reads.Select(static read => read.Request.ToString())))],
        };
}

/// <summary>What was found under an id.</summary>
internal sealed record PostgresFetchedRow
{
    public required string Id { get; init; }

    /// <summary>The session; null: it cannot be read, or the row is a marker.</summary>
    public Session? Session { get; init; }

    public SessionMarker Marker { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public SessionLookup ToLookup(DateTimeOffset now) =>
        Session is not null ? Session.IfLive(now)
        : now < ExpiresAt ? new SessionLookup { Marker = Marker }
        : default;
}
