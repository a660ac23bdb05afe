using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Walking through all sessions.</content>
public sealed partial class PostgresSessionStore
{
    // Whether a session has expired is not asked here: a page reads as many rows as it may return sessions, and no more, however many have expired.
    internal string PageSql { get; }

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
                row => (row.GetFieldValue<string>(PostgresSessionRecord.IdOrdinal), Read(row)),
                cancellationToken,
                CreateStatement(PageSql, PostgresParameter.Text(after), PostgresParameter.Number(count))
            )
            .ConfigureAwait(false);
}
