using System.Data.Common;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <content>Applying a patch: <see cref="SessionPatch.ApplyTo"/> in SQL.</content>
public sealed partial class PostgresSessionStore
{
    /// <inheritdoc />
    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var (values, credential, reauthentication) = (patch.Values, patch.Credential, patch.Reauthentication);
        var rows = await _database
            .QueryAsync(
                ReadUpdate,
                cancellationToken,
                PostgresConnection.CreateStatement(
                    _statements.Update,
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
                        PostgresParameter.Bytes(credential is null ? null : SessionCredentialRecord.Write(credential.Expected)),
                        PostgresParameter.Bytes(credential is null ? null : SessionCredentialRecord.Write(credential.Next)),
                        .. PostgresSessionRecord.CreateParameters(patch.LastClient),
                        PostgresParameter.Instant(reauthentication?.At),
                        PostgresParameter.Text(reauthentication?.Method),
                        PostgresParameter.Instant(reauthentication?.ExpiresAt),
                        PostgresParameter.Instant(reauthentication?.EndsAt),
                        PostgresParameter.Flag(_broker is not null && patch.IsPublished),
                        .. PostgresParameter.Tags(patch.Tags),
                    ]
                )
            )
            .ConfigureAwait(false);
        return rows is [var update] ? update : SessionUpdate.Gone;
    }

    private static IEnumerable<KeyValuePair<string, string>> WithValue(IReadOnlyDictionary<string, string?> texts) =>
        texts.Where(static text => text.Value is not null).Select(static text => KeyValuePair.Create(text.Key, text.Value!));

    private static IEnumerable<string> WithoutValue(IReadOnlyDictionary<string, string?> texts) =>
        texts.Where(static text => text.Value is null).Select(static text => text.Key);

    private SessionUpdate ReadUpdate(DbDataReader row)
    {
        PostgresUpdateRecord? record = null;
        var session = _reporter.ReadOrDefault(row, row => (record = PostgresRow.ReadUpdate(row)).ToSession(), PostgresRow.ReadId);
        return session is null ? SessionUpdate.Gone : record!.ToUpdate(session);
    }
}
