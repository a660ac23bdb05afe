namespace Sessions.Sqlite;

/// <content>Walking through all sessions.</content>
public sealed partial class SqliteSessionStore
{
    /// <inheritdoc />
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        var after = continuation is null ? "" : SessionId.Parse(continuation).ToString();
        return ReadAsync<SessionPage?>(connection => Page(connection, after, pageSize), cancellationToken);
    }

    private SessionPage Page(SqliteSessionConnection connection, string after, int limit)
    {
        var sessions = new List<Session>();
        bool more;
        do
        {
            // Again only behind a record whose id is none, which somebody else wrote: a walk cannot go on from there.
            var batch = limit - sessions.Count;
            var records = connection.Read(Statements.Page, ("@after", after), ("@limit", batch));
            var now = Now;
            sessions.AddRange(Read(records.Where(record => record.ExpiresAt > now)));
            more = records.Count == batch;
            after = more ? records[^1].Id : after;
        } while (more && !SessionId.TryParse(after, out _));

        return new SessionPage { Sessions = sessions, Continuation = more ? after : null };
    }
}
