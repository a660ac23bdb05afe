using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;

namespace Sessions.Postgres;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class PostgresSessionStore
{
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

    private async ValueTask<IReadOnlyList<Session>> CreateOrRefuseAsync(
        Session session,
        SessionLimit limit,
        CancellationToken cancellationToken
    )
    {
        var created = await _database
            .QueryAsync(
                PostgresRow<PostgresInsertRecord>.Parse,
                cancellationToken,
                LimitedStatements(_statements.InsertOrRefuse, session, limit)
            )
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
            .QueryAsync(Read, cancellationToken, LimitedStatements(_statements.InsertAndEvict, session, limit))
            .ConfigureAwait(false);
        return [.. ended.OfType<Session>()];
    }

    private NpgsqlBatchCommand[] LimitedStatements(string sql, Session session, SessionLimit limit) =>
        [
            CreateStatement(_statements.UserLock, PostgresParameter.Text(session.UserKey)),
            CreateStatement(sql, [.. PostgresSessionRecord.CreateParameters(session), Now(), PostgresParameter.Number(limit.Max)]),
        ];
}
