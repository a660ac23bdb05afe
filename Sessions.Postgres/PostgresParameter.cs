using System.Net;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Sessions.Postgres;

/// <summary>Positional parameters with their types, so that the server need not guess what a null is.</summary>
internal static class PostgresParameter
{
    public static NpgsqlParameter Id(SessionId id) => Text(id.ToString());

    public static NpgsqlParameter OptionalId(SessionId? id) => Text(id?.ToString());

    public static NpgsqlParameter Text(string? value) => Create(NpgsqlDbType.Text, value);

    public static NpgsqlParameter Texts(IEnumerable<string> values) => Create(NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameter OptionalTexts(IEnumerable<string?> values) =>
        Create(NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameter OptionalNumbers(IEnumerable<int?> values) =>
        Create(NpgsqlDbType.Array | NpgsqlDbType.Integer, values.ToArray());

    /// <summary>A map as <c>jsonb</c>.</summary>
    public static NpgsqlParameter Json(IEnumerable<KeyValuePair<string, string>> values) =>
        Create(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(SessionValues.From(values)));

    /// <summary>Names and values of tags, as two arrays.</summary>
    public static NpgsqlParameter[] Tags(SessionTags tags) =>
        [Texts(tags.Select(static tag => tag.Name)), Texts(tags.Select(static tag => tag.Value))];

    /// <summary>Names and values of tags in turn; null: there are none.</summary>
    public static NpgsqlParameter TagColumn(SessionTags tags) =>
        Create(
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            tags.Count == 0 ? null : tags.SelectMany(static tag => new[] { tag.Name, tag.Value }).ToArray()
        );

    public static NpgsqlParameter Instant(DateTimeOffset? value) => Create(NpgsqlDbType.TimestampTz, value);

    public static NpgsqlParameter Instants(IEnumerable<DateTimeOffset> values) =>
        Create(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, values.ToArray());

    public static NpgsqlParameter Hash(Sha256Hash? value) => Bytes(value?.ToArray());

    public static NpgsqlParameter Bytes(byte[]? value) => Create(NpgsqlDbType.Bytea, value);

    public static NpgsqlParameter Address(IPAddress? value) => Create(NpgsqlDbType.Inet, value);

    public static NpgsqlParameter Flag(bool value) => Create(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Small(short? value) => Create(NpgsqlDbType.Smallint, value);

    public static NpgsqlParameter Number(int? value) => Create(NpgsqlDbType.Integer, value);

    public static NpgsqlParameter<T> Create<T>(NpgsqlDbType type, T value) => new() { NpgsqlDbType = type, TypedValue = value };
}

/// <summary>A column of a session, and what it holds of one: as a parameter for one row, and for many rows at once as an array.</summary>
internal abstract class PostgresColumn(string name)
{
    public string Name => name;

    public abstract PostgresReadColumn ReadColumn { get; }

    public abstract NpgsqlParameter CreateParameter(Session session);

    public abstract NpgsqlParameter CreateParameter(IReadOnlyList<Session> sessions);

    public static PostgresColumn Create<T>(string name, NpgsqlDbType type, Func<Session, T> value) => new Typed<T>(name, type, value);

    private sealed class Typed<T>(string name, NpgsqlDbType type, Func<Session, T> value) : PostgresColumn(name)
    {
        public override PostgresReadColumn ReadColumn => new(Name.Trim('"'), Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));

        public override NpgsqlParameter CreateParameter(Session session) => PostgresParameter.Create(type, value(session));

        public override NpgsqlParameter CreateParameter(IReadOnlyList<Session> sessions) =>
            PostgresParameter.Create(NpgsqlDbType.Array | type, sessions.Select(value).ToArray());
    }
}
