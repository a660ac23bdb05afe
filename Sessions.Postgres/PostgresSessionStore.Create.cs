using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class PostgresSessionStore
{
    private readonly PostgresInsertBatcher _inserts;
    private readonly string _createRefusing;
    private readonly string _createEvicting;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        try
        {
            if (limit is null || session.UserKey is null)
            {
                await _inserts.CreateAsync(session, cancellationToken).ConfigureAwait(false);
                return [];
            }

            return limit.Policy == SessionLimitPolicy.Refuse
                ? await CreateOrRefuseAsync(session, limit, cancellationToken).ConfigureAwait(false)
                : await CreateOrEvictAsync(session, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new DuplicateSessionException(session.Id);
        }
    }

    private static (string CreateRefusing, string CreateEnding) CreationSql(string table, string notify)
    {
        var row = PostgresSessionRecord.FormatInsert(table);
        var deleted = PostgresSessionRecord.Columns("session");
        var user = PostgresSessionRecord.UserKeyParameter;
        var now = $"${PostgresSessionRecord.ColumnCount + 1}";
        var max = $"${PostgresSessionRecord.ColumnCount + 2}";
        return (
            $"{row} WHERE {max} > (SELECT count(*) FROM {table} WHERE user_key = {user} AND expires_at > {now}) RETURNING true",
            // The deletion reads what was added, and so comes after it: otherwise the end of a session would make its id free for another.
            $"""
            WITH surplus AS MATERIALIZED (
                SELECT id FROM {table}
                WHERE id IN (
                    SELECT id FROM {table} WHERE user_key = {user} AND expires_at > {now}
                    ORDER BY created_at DESC, id DESC OFFSET {max} - 1
                )
                ORDER BY id FOR UPDATE
            ), added AS (
                {row} RETURNING true
            ), ended AS (
                DELETE FROM {table} AS session USING surplus, added WHERE session.id = surplus.id RETURNING {deleted}, {notify}
            )
            SELECT {PostgresSessionRecord.Columns()} FROM ended ORDER BY created_at, id
            """
        );
    }

    private async ValueTask<IReadOnlyList<Session>> CreateOrRefuseAsync(
        Session session,
        SessionLimit limit,
        CancellationToken cancellationToken
    )
    {
        var created = await _database
            .QueryAsync(static _ => true, cancellationToken, LimitedStatements(_createRefusing, session, limit))
            .ConfigureAwait(false);
        return created is [] ? throw new SessionLimitException(limit) : [];
    }

    private async ValueTask<IReadOnlyList<Session>> CreateOrEvictAsync(
        Session session,
        SessionLimit limit,
        CancellationToken cancellationToken
    )
    {
        var ended = await _database
            .QueryAsync(Read, cancellationToken, LimitedStatements(_createEvicting, session, limit))
            .ConfigureAwait(false);
        return [.. ended.OfType<Session>()];
    }

    private NpgsqlBatchCommand[] LimitedStatements(string sql, Session session, SessionLimit limit) =>
        [
            CreateStatement(_userLock, PostgresParameter.Text(session.UserKey)),
            CreateStatement(sql, [.. PostgresSessionRecord.CreateParameters(session), Now(), PostgresParameter.Number(limit.Max)]),
        ];
}
