using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Walking through all sessions.</content>
public sealed partial class PostgresSessionStore
{
    /// <inheritdoc />
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        SessionPaging.FetchAsync(
            continuation,
            pageSize,
            _time,
            FetchRowsAsync,
            static row => row.Id,
            static row => row.Session,
            cancellationToken
        );

    private async ValueTask<IReadOnlyList<(string Id, Session? Session)>> FetchRowsAsync(
        string after,
        int count,
        CancellationToken cancellationToken
    ) =>
        await _database
            .QueryAsync(
                row => (PostgresRow.ReadId(row), Read(row)),
                cancellationToken,
                PostgresConnection.CreateStatement(_statements.Page, PostgresParameter.Text(after), PostgresParameter.Number(count))
            )
            .ConfigureAwait(false);
}
