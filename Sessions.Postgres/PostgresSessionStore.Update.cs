using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Applying a patch: <see cref="SessionPatch.ApplyTo"/> in SQL.</content>
public sealed partial class PostgresSessionStore
{
    private readonly string _update;

    /// <inheritdoc />
    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var (values, rotation, reauthentication) = (patch.Values, patch.Rotation, patch.Reauthentication);
        var rows = await _database
            .QueryAsync(
                ReadUpdate,
                cancellationToken,
                CreateStatement(
                    _update,
                    [
                        PostgresParameter.Id(id),
                        Now(),
                        PostgresParameter.Json(WithValue(values.Changes)),
                        PostgresParameter.Texts(WithoutValue(values.Changes)),
                        PostgresParameter.Json(WithValue(values.Expected)),
                        PostgresParameter.Texts(WithoutValue(values.Expected)),
                        PostgresParameter.Number(
                            values.Changes.Values.Any(static value => value is not null) ? patch.MaxValuesBytes : null
                        ),
                        PostgresParameter.Hash(rotation?.Expected),
                        PostgresParameter.Hash(rotation?.Next),
                        PostgresParameter.Hash(rotation?.Previous),
                        PostgresParameter.Instant(rotation?.At),
                        PostgresParameter.Hash(patch.Confirmation?.Secret),
                        PostgresParameter.Instant(patch.Confirmation?.At),
                        .. PostgresSessionRecord.CreateParameters(patch.LastClient),
                        PostgresParameter.Instant(reauthentication?.At),
                        PostgresParameter.Text(reauthentication?.Method),
                        PostgresParameter.Instant(reauthentication?.ExpiresAt),
                        PostgresParameter.Instant(reauthentication?.EndsAt),
                        PostgresParameter.Flag(_broker is not null && patch.IsPublished),
                    ]
                )
            )
            .ConfigureAwait(false);
        return rows is [var update] ? update : SessionUpdate.Gone;
    }

    // The row is locked first, in its newest version, so that what is compared, what is removed and what is written belong together: RETURNING alone
    // would know nothing of the values before.
    private static string UpdateSql(string table, string channel) =>
        $"""
            WITH old AS MATERIALIZED (
                SELECT * FROM {table}
                WHERE id = $1 AND expires_at > $2 AND format = {PostgresSessionRecord.Format} AND jsonb_typeof("values") = 'object'
                FOR UPDATE
            ), patched AS MATERIALIZED (
                SELECT id, secret, "values" AS before, ("values" - $4) || $3 AS after FROM old
            ), judged AS MATERIALIZED (
                SELECT id, after,
                    CASE
                        WHEN secret <> $8 OR secret <> $12 OR NOT before @> $5 OR before ?| $6 THEN {(int)SessionUpdateOutcome.Conflict}
                        WHEN $7 < (SELECT sum(octet_length(key) + octet_length(value)) FROM jsonb_each_text(after)) THEN {(int)
                SessionUpdateOutcome.TooLarge}
                        ELSE {(int)SessionUpdateOutcome.Applied}
                    END AS outcome,
                    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(before) WHERE key = ANY ($4)) AS removed
                FROM patched
            ), changed AS (
                UPDATE {table} AS session SET
                    "values" = after,
                    secret = coalesce($9, secret),
                    previous = CASE WHEN $9 IS NULL THEN previous ELSE $10 END,
                    rotated_at = coalesce($11, rotated_at),
                    confirmed_at = CASE WHEN $9 IS NULL THEN coalesce(confirmed_at, $13) END,
                    last_ip = CASE WHEN $17 IS NULL THEN last_ip ELSE $14 END,
                    last_os = CASE WHEN $17 IS NULL THEN last_os ELSE $15 END,
                    last_browser = CASE WHEN $17 IS NULL THEN last_browser ELSE $16 END,
                    last_device = coalesce($17, last_device),
                    last_agent = CASE WHEN $17 IS NULL THEN last_agent ELSE $18 END,
                    authenticated_at = coalesce($19, authenticated_at),
                    authentication_method = CASE WHEN $19 IS NULL THEN authentication_method ELSE $20 END,
                    expires_at = coalesce($21, expires_at),
                    ends_at = coalesce($22, ends_at),
                    sweep_at = least(sweep_at, $21)
                FROM judged WHERE judged.id = session.id AND outcome = {(int)SessionUpdateOutcome.Applied}
                RETURNING {PostgresSessionRecord.Columns("session")}, CASE WHEN $23 THEN {PostgresChangeFeed.NotifySql(channel, 'C')} END
            )
            SELECT {PostgresSessionRecord.Columns("changed")}, outcome, removed FROM changed, judged
            UNION ALL
            SELECT {PostgresSessionRecord.Columns("old")}, outcome, NULL FROM old, judged WHERE outcome <> {(int)
                SessionUpdateOutcome.Applied}
            """;

    private static IEnumerable<KeyValuePair<string, string>> WithValue(IReadOnlyDictionary<string, string?> texts) =>
        texts.Where(static text => text.Value is not null).Select(static text => KeyValuePair.Create(text.Key, text.Value!));

    private static IEnumerable<string> WithoutValue(IReadOnlyDictionary<string, string?> texts) =>
        texts.Where(static text => text.Value is null).Select(static text => text.Key);

    private SessionUpdate ReadUpdate(NpgsqlDataReader row)
    {
        if (Read(row) is not { } session)
        {
            return SessionUpdate.Gone;
        }

        var outcome = (SessionUpdateOutcome)row.GetFieldValue<int>(PostgresSessionRecord.ColumnCount);
        var removed = PostgresSessionRecord.ColumnCount + 1;
        return new()
        {
            Outcome = outcome,
            Session = session,
            Removed = row.IsDBNull(removed) ? SessionValues.Empty : PostgresSessionRecord.ReadValues(row.GetFieldValue<string>(removed)),
        };
    }
}
