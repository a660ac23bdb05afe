using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresSessionStore;
using PostgresFetch = Sessions.Stores.BatchedCall<Sessions.SessionId, Sessions.Session>;

namespace Sessions.Postgres;

/// <summary>Reads sessions, those of callers who come at the same time with one statement.</summary>
internal sealed class PostgresReadBatcher(PostgresConnection database, string table, Func<NpgsqlDataReader, Session?> readRow)
    // One would be cheapest, but a connection that hangs would hold up everybody; with more than two, each would hold fewer.
    : RequestBatcher<SessionId, Session>(maxBatches: 2)
{
    private readonly string _singleSql = $"SELECT {PostgresSessionRecord.Columns()} FROM {table} WHERE id = $1";
    private readonly string _batchSql = $"SELECT {PostgresSessionRecord.Columns()} FROM {table} WHERE id = ANY ($1)";

    protected override async ValueTask<Session?> ExecuteOneAsync(SessionId id, CancellationToken cancellationToken)
    {
        var rows = await database
            .QueryAsync(readRow, cancellationToken, CreateStatement(_singleSql, PostgresParameter.Id(id)))
            .ConfigureAwait(false);
        return rows is [var session] ? session : null;
    }

    protected override async Task ExecuteBatchAsync(Batch batch)
    {
        List<PostgresFetch> fetches = [];
        var rows = await database
            .QueryAsync(readRow, () => CreateStatements(fetches = batch.Close()), CancellationToken.None)
            .ConfigureAwait(false);
        // What cannot be read is null.
        var sessions = rows.OfType<Session>().ToDictionary(static session => session.Id);
        foreach (var fetch in fetches)
        {
            fetch.SetResult(sessions.GetValueOrDefault(fetch.Request));
        }
    }

    protected override Exception WrapException(Exception e) => PostgresConnection.WrapException(e);

    private NpgsqlBatchCommand[] CreateStatements(List<PostgresFetch> reads) =>
        reads switch
        {
            [] => [],
            [var only] => [CreateStatement(_singleSql, PostgresParameter.Id(only.Request))],
            _ => [CreateStatement(_batchSql, PostgresParameter.Texts(reads.Select(static fetch => fetch.Request.ToString())))],
        };
}
