using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresSessionStore;
using PostgresFetch = Sessions.Stores.GatheredCall<Sessions.SessionId, Sessions.Session>;

namespace Sessions.Postgres;

/// <summary>Reads sessions, those of callers who come at the same time with one statement.</summary>
internal sealed class PostgresFetches(PostgresDatabase database, string table, Func<NpgsqlDataReader, Session?> readRow)
    // One would be cheapest, but a connection that hangs would hold up everybody; with more than two, each would hold fewer.
    : GatheredCalls<SessionId, Session>(maxBatches: 2)
{
    private readonly string _one = $"SELECT {PostgresSessionRecord.Columns()} FROM {table} WHERE id = $1";
    private readonly string _several = $"SELECT {PostgresSessionRecord.Columns()} FROM {table} WHERE id = ANY ($1)";

    protected override async ValueTask<Session?> CallAloneAsync(SessionId id, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(readRow, cancellationToken, Statement(_one, PostgresParameter.Id(id))).ConfigureAwait(false);
        return rows is [var session] ? session : null;
    }

    protected override async Task CallTogetherAsync(Batch batch)
    {
        List<PostgresFetch> fetches = [];
        var rows = await database
            .QueryAsync(readRow, () => Statements(fetches = batch.Close()), CancellationToken.None)
            .ConfigureAwait(false);
        // What cannot be read is null.
        var sessions = rows.OfType<Session>().ToDictionary(static session => session.Id);
        foreach (var fetch in fetches)
        {
            fetch.Answer(sessions.GetValueOrDefault(fetch.Request));
        }
    }

    protected override Exception Failed(Exception e) => PostgresDatabase.Failed(e);

    private NpgsqlBatchCommand[] Statements(List<PostgresFetch> fetches) =>
        fetches switch
        {
            [] => [],
            [var only] => [Statement(_one, PostgresParameter.Id(only.Request))],
            _ => [Statement(_several, PostgresParameter.Texts(fetches.Select(static fetch => fetch.Request.ToString())))],
        };
}
