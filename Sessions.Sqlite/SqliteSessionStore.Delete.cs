using System.Text.Json;
using Dapper;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <content>
/// Deleting: one session, all of a user, all with a tag. All other writes to the file wait for a step: one of 100,000 sessions holds them up
/// for one to two seconds.
/// </content>
public sealed partial class SqliteSessionStore
{
    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        WriteAsync(connection => Delete(connection, id, leaves), isDurable: true, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var (isDone, ended) = await WriteAsync(connection => TryDeleteAll(connection, userKey, except), isDurable: true, cancellationToken)
            .ConfigureAwait(false);
        if (isDone)
        {
            return ended;
        }

        // The session to spare is looked at in the first step: whether it lives later is of no interest to those that go with it.
        var isBegun = false;
        return await SessionDeletion
            .RunAsync(
                cancel =>
                    ReadAsync<IReadOnlyList<string>>(
                        connection =>
                            connection.Query<string>(Statements.FetchIds, new { UserKey = userKey, Except = except?.ToString() }).AsList(),
                        cancel
                    ),
                (ids, cancel) =>
                {
                    var spared = isBegun ? null : except;
                    isBegun = true;
                    return WriteAsync<IReadOnlyList<Session>?>(
                        connection =>
                            spared is null || FindOwn(connection, spared, userKey) is not null ? DeleteMany(connection, ids) : null,
                        isDurable: true,
                        cancel
                    );
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var ended = await SessionDeletion
            .RunAsync(
                cancel =>
                    ReadAsync<IReadOnlyList<string>>(
                        connection => connection.Query<string>(Statements.FetchIdsByTag, new { tag.Name, tag.Value }).AsList(),
                        cancel
                    ),
                (ids, cancel) => WriteAsync<IReadOnlyList<Session>?>(connection => DeleteMany(connection, ids), isDurable: true, cancel),
                cancellationToken
            )
            .ConfigureAwait(false);
        return ended!;
    }

    private Session? Delete(SqliteSessionConnection connection, SessionId id, SessionMarker leaves)
    {
        if (leaves != SessionMarker.None && Find(connection, id).Session is { } session)
        {
            Leave(connection, id, leaves);
            return session;
        }

        return ReadEnded(connection.Query<SqliteSessionRecord>(Statements.Delete, new { Id = id.ToString() })).FirstOrDefault();
    }

    /// <returns>
    /// Whether it is done, and what has ended; null: the session to spare is not alive and this user's. Not done: there are too many for
    /// one step, and nothing was deleted.
    /// </returns>
    private (bool IsDone, List<Session>? Ended) TryDeleteAll(SqliteSessionConnection connection, string userKey, SessionId? except)
    {
        if (except is not null && FindOwn(connection, except, userKey) is null)
        {
            return (true, null);
        }

        // However many records wait for the sweep beside them, up to 1,000 sessions end in one step.
        var max = SessionDeletion.MaxAtomic + (except is null ? 0 : 1);
        return
            HasMore(connection, userKey, max)
            && connection.ExecuteScalar<bool>(
                Statements.HasMoreLive,
                new
                {
                    UserKey = userKey,
                    Now,
                    Count = max,
                }
            )
            ? (false, null)
            : (
                true,
                ReadEnded(
                    connection.Query<SqliteSessionRecord>(Statements.DeleteAll, new { UserKey = userKey, Except = except?.ToString() })
                )
            );
    }

    private List<Session> DeleteMany(SqliteSessionConnection connection, IReadOnlyList<string> ids) =>
        ReadEnded(connection.Query<SqliteSessionRecord>(Statements.DeleteMany, new { Ids = JsonSerializer.Serialize(ids) }));

    /// <summary>Of records that were deleted, whether they had expired or not, the live ones, oldest first.</summary>
    private List<Session> ReadEnded(IEnumerable<SqliteSessionRecord> records) => Read(records).ToLiveList(_time.GetUtcNow());
}
