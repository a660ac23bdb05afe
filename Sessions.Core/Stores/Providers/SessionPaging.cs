namespace Sessions.Stores;

/// <summary>
/// For authors of stores: <see cref="ISessionStore.FetchPageAsync"/> on a backend that finds the rows behind an id in order of id. A
/// continuation is the id of the last row.
/// </summary>
public static class SessionPaging
{
    /// <summary>
    /// One page. Whether a session has expired is not part of the query: a page reads as many rows as it may return sessions, and no more,
    /// however many have expired.
    /// </summary>
    /// <typeparam name="TRow">A row as the backend returns it.</typeparam>
    /// <param name="continuation">As the caller gave it.</param>
    /// <param name="pageSize">As the caller gave it.</param>
    /// <param name="time">The clock of the store.</param>
    /// <param name="fetchRows">Fetches the first rows behind an id, which is empty for the first page: the id, how many rows at the most,
    /// and what cancels the wait.</param>
    /// <param name="getId">The id of a row as text, also of one that cannot be read.</param>
    /// <param name="read">The session of a row; null: it cannot be read, and was reported.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Never null; nullable as the contract is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The page size is less than 1.</exception>
    /// <exception cref="FormatException">The continuation is not the id of a session.</exception>
    public static async ValueTask<SessionPage?> FetchAsync<TRow>(
        string? continuation,
        int pageSize,
        TimeProvider time,
        Func<string, int, CancellationToken, ValueTask<IReadOnlyList<TRow>>> fetchRows,
        Func<TRow, string> getId,
        Func<TRow, Session?> read,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(fetchRows);
        ArgumentNullException.ThrowIfNull(getId);
        ArgumentNullException.ThrowIfNull(read);
        var after = continuation is null ? "" : SessionId.Parse(continuation).ToString();
        var sessions = new List<Session>();
        bool hasMore;
        do
        {
            // Runs again only where the last row's id is not well-formed (another program wrote it): such an id cannot be a continuation.
            var count = pageSize - sessions.Count;
            var rows = await fetchRows(after, count, cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            sessions.AddRange(rows.Select(row => read(row).IfLive(now)).OfType<Session>());
            hasMore = rows.Count == count;
            after = hasMore ? getId(rows[^1]) : after;
        } while (hasMore && !SessionId.TryParse(after, out _));

        return new SessionPage { Sessions = sessions, Continuation = hasMore ? after : null };
    }
}
