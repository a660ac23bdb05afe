using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Sessions.Postgres;

/// <summary>
/// One row as a session, and back. Columns are read by their types and not by a mapper: an application's data source may read some as others (NodaTime),
/// and every request waits for this.
/// </summary>
internal static class PostgresSessionRecord
{
    /// <summary>The format that is written, and the newest that can be read.</summary>
    public const short Format = 1;

    private static readonly PostgresColumn[] s_columns =
    [
        PostgresColumn.Create("id", NpgsqlDbType.Text, static session => session.Id.ToString()),
        PostgresColumn.Create("format", NpgsqlDbType.Smallint, static _ => Format),
        PostgresColumn.Create("user_key", NpgsqlDbType.Text, static session => session.UserKey),
        PostgresColumn.Create("created_at", NpgsqlDbType.TimestampTz, static session => session.CreatedAt),
        PostgresColumn.Create("last_seen_at", NpgsqlDbType.TimestampTz, static session => session.LastSeenAt),
        PostgresColumn.Create("expires_at", NpgsqlDbType.TimestampTz, static session => session.ExpiresAt),
        PostgresColumn.Create("ends_at", NpgsqlDbType.TimestampTz, static session => session.EndsAt),
        PostgresColumn.Create("idle_timeout_ms", NpgsqlDbType.Bigint, static session => (long?)session.IdleTimeout?.TotalMilliseconds),
        PostgresColumn.Create("persistent", NpgsqlDbType.Boolean, static session => session.IsPersistent),
        PostgresColumn.Create("authenticated_at", NpgsqlDbType.TimestampTz, static session => session.AuthenticatedAt),
        PostgresColumn.Create("authentication_method", NpgsqlDbType.Text, static session => session.AuthenticationMethod),
        PostgresColumn.Create("lineage", NpgsqlDbType.Bytea, static session => session.Credential.Lineage.ToArray()),
        PostgresColumn.Create("secret", NpgsqlDbType.Bytea, static session => session.Credential.Secret.ToArray()),
        PostgresColumn.Create("previous", NpgsqlDbType.Bytea, static session => session.Credential.Previous?.ToArray()),
        PostgresColumn.Create("rotated_at", NpgsqlDbType.TimestampTz, static session => session.Credential.RotatedAt),
        PostgresColumn.Create("confirmed_at", NpgsqlDbType.TimestampTz, static session => session.Credential.ConfirmedAt),
        .. ClientColumns("client", static session => session.Client),
        .. ClientColumns("last", static session => session.LastClient),
        PostgresColumn.Create("\"values\"", NpgsqlDbType.Jsonb, static session => JsonSerializer.Serialize(session.Values)),
    ];

    /// <summary>Where the id stands in a row.</summary>
    public const int IdOrdinal = 0;

    /// <summary>How many columns a session has in a row, and parameters in an insertion.</summary>
    public static int ColumnCount => s_columns.Length;

    /// <summary>The columns of a new row; the sweep first looks at it when it expires.</summary>
    public static string InsertColumns { get; } = $"{Columns()}, sweep_at";

    /// <summary>The parameters of new rows, as <see cref="CreateParameters(Session)"/> and <see cref="CreateParameters(IReadOnlyList{Session})"/> give them.</summary>
    public static string Placeholders { get; } = string.Join(", ", s_columns.Select(static (_, i) => Placeholder(i)));

    /// <summary>Adds a row of parameters, by a query that may go on with where from and on which condition.</summary>
    public static string FormatInsert(string table) =>
        $"INSERT INTO {table} ({InsertColumns}) SELECT {Placeholders}, {FindPlaceholder("expires_at")}";

    /// <summary>The parameter that holds the user key in an insertion.</summary>
    public static string UserKeyParameter { get; } = FindPlaceholder("user_key");

    /// <summary>The columns of a session, in the order in which <see cref="Read"/> reads them.</summary>
    /// <param name="table">The name before each.</param>
    public static string Columns(string? table = null) =>
        string.Join(", ", s_columns.Select(column => table is null ? column.Name : $"{table}.{column.Name}"));

    public static IEnumerable<NpgsqlParameter> CreateParameters(Session session) =>
        s_columns.Select(column => column.CreateParameter(session));

    /// <summary>Of many rows: each parameter holds a column of all.</summary>
    public static IEnumerable<NpgsqlParameter> CreateParameters(IReadOnlyList<Session> sessions) =>
        s_columns.Select(column => column.CreateParameter(sessions));

    /// <summary>The five parameters of a client; all null when there is none to write.</summary>
    public static IEnumerable<NpgsqlParameter> CreateParameters(ClientInfo? client) =>
        [
            PostgresParameter.Address(client?.IPAddress),
            PostgresParameter.Text(client?.OperatingSystem),
            PostgresParameter.Text(client?.Browser),
            PostgresParameter.Small((short?)client?.Device),
            PostgresParameter.Hash(client?.UserAgentHash),
        ];

    /// <exception cref="Exception">Of many kinds: the row is not what this version writes.</exception>
    public static Session Read(NpgsqlDataReader row)
    {
        // The initializers below run from top to bottom, and each takes the next column.
        var column = IdOrdinal;
        return new Session
        {
            Id = ReadId(),
            UserKey = Optional<string>(),
            CreatedAt = Next<DateTimeOffset>(),
            LastSeenAt = Next<DateTimeOffset>(),
            ExpiresAt = Next<DateTimeOffset>(),
            EndsAt = Next<DateTimeOffset>(),
            IdleTimeout = Next<long?>() is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            IsPersistent = Next<bool>(),
            AuthenticatedAt = Next<DateTimeOffset?>(),
            AuthenticationMethod = Optional<string>(),
            Credential = new SessionCredential
            {
                Lineage = new Sha256Hash(Next<byte[]>()),
                Secret = new Sha256Hash(Next<byte[]>()),
                Previous = OptionalHash(),
                RotatedAt = Next<DateTimeOffset?>(),
                ConfirmedAt = Next<DateTimeOffset?>(),
            },
            Client = ReadClient(),
            LastClient = ReadClient(),
            Values = ReadValues(Next<string>()),
        };

        SessionId ReadId()
        {
            var id = SessionId.Parse(Next<string>(), CultureInfo.InvariantCulture);
            return Next<short>() is var format && format == Format
                ? id
                : throw new FormatException($"The record has format {format}, and this version reads {Format}.");
        }

        ClientInfo ReadClient() =>
            new()
            {
                IPAddress = Optional<IPAddress>(),
                OperatingSystem = Optional<string>(),
                Browser = Optional<string>(),
                Device = (DeviceKind)Next<short>(),
                UserAgentHash = OptionalHash(),
            };

        Sha256Hash? OptionalHash() => Optional<byte[]>() is { } digest ? new Sha256Hash(digest) : null;

        T? Optional<T>()
            where T : class => row.IsDBNull(column++) ? null : row.GetFieldValue<T>(column - 1);

        T Next<T>() => row.GetFieldValue<T>(column++);
    }

    /// <summary>Values as they come out of <c>jsonb</c>.</summary>
    public static SessionValues ReadValues(string json) =>
        json == "{}"
            ? SessionValues.Empty
            : JsonSerializer.Deserialize<SessionValues>(json) ?? throw new FormatException("The values of the record are not an object.");

    private static PostgresColumn[] ClientColumns(string prefix, Func<Session, ClientInfo> client) =>
        [
            PostgresColumn.Create($"{prefix}_ip", NpgsqlDbType.Inet, session => client(session).IPAddress),
            PostgresColumn.Create($"{prefix}_os", NpgsqlDbType.Text, session => client(session).OperatingSystem),
            PostgresColumn.Create($"{prefix}_browser", NpgsqlDbType.Text, session => client(session).Browser),
            PostgresColumn.Create($"{prefix}_device", NpgsqlDbType.Smallint, session => (short)client(session).Device),
            PostgresColumn.Create($"{prefix}_agent", NpgsqlDbType.Bytea, session => client(session).UserAgentHash?.ToArray()),
        ];

    private static string FindPlaceholder(string name) => Placeholder(Array.FindIndex(s_columns, column => column.Name == name));

    private static string Placeholder(int index) => $"${index + 1}";
}
