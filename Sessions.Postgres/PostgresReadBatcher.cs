using System.Data.Common;
using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;
using BatchedRead = Sessions.Stores.BatchedCall<Sessions.SessionId, Sessions.Session>;

namespace Sessions.Postgres;

/// <summary>Reads sessions, those of callers that come at the same time with one statement.</summary>
internal sealed class PostgresReadBatcher(PostgresConnection database, PostgresStatements statements, Func<DbDataReader, Session?> readRow)
    // One would be cheapest, but a connection that hangs would hold up all; with more than two, each would hold fewer.
    : RequestBatcher<SessionId, Session>("PostgreSQL", maxBatches: 2)
{
    protected override async ValueTask<Session?> ExecuteOneAsync(SessionId id, CancellationToken cancellationToken)
    {
        var rows = await database
            .QueryAsync(readRow, cancellationToken, CreateStatement(statements.Fetch, PostgresParameter.Id(id)))
            .ConfigureAwait(false);
        return rows is [var session] ? session : null;
    }

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        List<BatchedRead> reads = [];
        var rows = await database
            .QueryAsync(readRow, () => CreateStatements(reads = batch.Close()), CancellationToken.None)
            .ConfigureAwait(false);
        // What cannot be read is null.
        var sessions = rows.OfType<Session>().ToDictionary(static session => session.Id);
        foreach (var read in reads)
        {
            read.SetResult(sessions.GetValueOrDefault(read.Request));
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
