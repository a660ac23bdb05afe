namespace Sessions.Memory;

/// <content>Walking through all sessions.</content>
public sealed partial class MemorySessionStore
{
    /// <inheritdoc />
    /// <remarks>
    /// The first page of a walk sorts the ids of all sessions, beside whatever else goes on; every other page costs its own sessions.
    /// </remarks>
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var (ids, next) = continuation is null ? (_sortedIds.Sort(), 0) : FindPositionAfter(SessionId.Parse(continuation));
        var sessions = new List<Session>();
        for (; next < ids.Length && sessions.Count < pageSize; next++)
        {
            if (Find(ids[next]).Session is { } session)
            {
                sessions.Add(session);
            }
        }

        return new(new SessionPage { Sessions = sessions, Continuation = next < ids.Length ? ids[next - 1].ToString() : null });
    }

    private (SessionId[] Ids, int Next) FindPositionAfter(SessionId last)
    {
        var ids = _sortedIds.Latest();
        var place = Array.BinarySearch(ids, last);
        return (ids, place < 0 ? ~place : place + 1);
    }
}
