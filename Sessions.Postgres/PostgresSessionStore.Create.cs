using System.Data.Common;
using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;

namespace Sessions.Postgres;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class PostgresSessionStore
{
    /// <inheritdoc />
    public async ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        try
        {
            return session.Tags.Count > 0 || (session.UserKey is not null && replaces is not null)
                ? await InsertInPlaceAsync(session, limit, replaces, cancellationToken).ConfigureAwait(false)
                : await _inserts
                    .CreateAsync(new() { Session = session, Limit = session.UserKey is null ? null : limit }, cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (SessionStoreException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new DuplicateSessionException(session.Id);
        }
    }

    private async ValueTask<SessionCreation> InsertInPlaceAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        var now = _time.GetUtcNow();
        var rows = await _database
            .QueryAsync(
                ReadInserted,
                cancellationToken,
                CreateStatement(_statements.UserLock, PostgresParameter.Text(session.UserKey)),
                CreateStatement(
                    _statements.InsertInPlace,
                    [
                        .. PostgresSessionRecord.CreateParameters(session),
                        PostgresParameter.Instant(now),
                        PostgresParameter.Number(limit?.Max),
                        PostgresParameter.Flag(limit is { Policy: SessionLimitPolicy.Refuse }),
                        PostgresParameter.OptionalId(replaces == session.Id ? null : replaces),
                        .. PostgresParameter.Tags(session.Tags),
                        PostgresParameter.TagColumn(session.Tags),
                        PostgresParameter.Small((short)SessionMarker.Replaced),
                        PostgresParameter.Instant(now + SessionMarkerLifetime.Duration),
                    ]
                )
            )
            .ConfigureAwait(false);
        var outcome = rows[0].Outcome;
        if (!outcome.IsAdded)
        {
            throw outcome.IsTaken ? new DuplicateSessionException(session.Id) : new SessionLimitException(limit!);
        }

        return new()
        {
            Evicted =
            [
                .. rows.Where(static row => row is { Session: not null, Outcome.IsReplaced: not true }).Select(static row => row.Session!),
            ],
            Replaced = rows.Find(static row => row.Outcome.IsReplaced is true).Session,
        };
    }

    // Mapped by itself: there may be no session in the row.
    private (Session? Session, PostgresInsertRecord Outcome) ReadInserted(DbDataReader row)
    {
        var outcome = PostgresRow.ReadInsert(row);
        return (outcome.Id is null ? null : Read(row), outcome);
    }
}
