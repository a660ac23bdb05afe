namespace Sessions.Postgres;

/// <content>Walking through all sessions.</content>
public sealed partial class PostgresSessionStore
{
    // Whether a session has expired is not asked here: a page reads as many rows as it may return sessions, and no more, however many have expired.
    internal string PageSql { get; }

    /// <inheritdoc />
    public async ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        var after = continuation is null ? "" : SessionId.Parse(continuation).ToString();
        var sessions = new List<Session>();
        bool more;
        do
        {
            // Again only behind a row whose id is none, which somebody else wrote: a walk cannot go on from there.
            var batch = pageSize - sessions.Count;
            var rows = await _database
                .QueryAsync(
                    row => (Id: row.GetFieldValue<string>(PostgresSessionRecord.IdOrdinal), Session: Read(row)),
                    cancellationToken,
                    CreateStatement(PageSql, PostgresParameter.Text(after), PostgresParameter.Number(batch))
                )
                .ConfigureAwait(false);
            var now = _time.GetUtcNow();
            sessions.AddRange(rows.Select(static row => row.Session).OfType<Session>().Where(session => !session.IsExpired(now)));
            more = rows.Count == batch;
            after = more ? rows[^1].Id : after;
        } while (more && !SessionId.TryParse(after, out _));

        return new SessionPage { Sessions = sessions, Continuation = more ? after : null };
    }
}
