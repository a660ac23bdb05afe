using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>A row of the table, as Dapper reads it; the columns have the same names with underscores.</summary>
internal record PostgresSessionRecord
{
    /// <summary>The format that is written, and the newest that can be read.</summary>
    public const short CurrentFormat = 1;

    private static readonly PostgresColumn[] s_columns =
    [
        PostgresColumn.Create("id", NpgsqlDbType.Text, static session => session.Id.ToString()),
        PostgresColumn.Create("format", NpgsqlDbType.Smallint, static _ => CurrentFormat),
        PostgresColumn.Create("user_key", NpgsqlDbType.Text, static session => session.UserKey),
        PostgresColumn.Create("created_at", NpgsqlDbType.TimestampTz, static session => session.CreatedAt),
        PostgresColumn.Create("last_seen_at", NpgsqlDbType.TimestampTz, static session => session.LastSeenAt),
        PostgresColumn.Create("expires_at", NpgsqlDbType.TimestampTz, static session => session.ExpiresAt),
        PostgresColumn.Create("ends_at", NpgsqlDbType.TimestampTz, static session => session.EndsAt),
        PostgresColumn.Create("idle_timeout_ms", NpgsqlDbType.Bigint, static session => (long?)session.IdleTimeout?.TotalMilliseconds),
        PostgresColumn.Create("custom_lifetime", NpgsqlDbType.Boolean, static session => session.HasCustomLifetime),
        PostgresColumn.Create("persistent", NpgsqlDbType.Boolean, static session => session.IsPersistent),
        PostgresColumn.Create("bearer", NpgsqlDbType.Boolean, static session => session.IsBearer),
        PostgresColumn.Create("authenticated_at", NpgsqlDbType.TimestampTz, static session => session.AuthenticatedAt),
        PostgresColumn.Create("authentication_method", NpgsqlDbType.Text, static session => session.AuthenticationMethod),
        PostgresColumn.Create("credential", NpgsqlDbType.Bytea, static session => SessionCredentialRecord.Write(session.Credential)),
        .. ClientColumns("client", static session => session.Client),
        .. ClientColumns("last", static session => session.LastClient),
        PostgresColumn.Create("\"values\"", NpgsqlDbType.Jsonb, static session => JsonSerializer.Serialize(session.Values)),
    ];

    /// <summary>Behind the others in a row that is read; an insertion leaves them at their defaults, unless it says otherwise.</summary>
    private static readonly PostgresReadColumn[] s_columnsWithDefault = [new("marker", typeof(short)), new("tags", typeof(string[]))];

    public string Id { get; init; } = "";

    public short Format { get; init; }

    public string? UserKey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public long? IdleTimeoutMs { get; init; }

    public bool CustomLifetime { get; init; }

    public bool Persistent { get; init; }

    public bool Bearer { get; init; }

    public DateTimeOffset? AuthenticatedAt { get; init; }

    public string? AuthenticationMethod { get; init; }

    public byte[] Credential { get; init; } = [];

    public IPAddress? ClientIp { get; init; }

    public string? ClientOs { get; init; }

    public string? ClientBrowser { get; init; }

    public short ClientDevice { get; init; }

    public byte[]? ClientAgent { get; init; }

    public IPAddress? LastIp { get; init; }

    public string? LastOs { get; init; }

    public string? LastBrowser { get; init; }

    public short LastDevice { get; init; }

    public byte[]? LastAgent { get; init; }

    public string Values { get; init; } = "";

    /// <summary>A <see cref="SessionMarker"/>; not 0 in a row that is no session any more.</summary>
    public short Marker { get; init; }

    /// <summary>Names and values in turn; null: there are none.</summary>
    public string[]? Tags { get; init; }

    /// <summary>How many parameters an insertion has.</summary>
    public static int ParameterCount => s_columns.Length;

    /// <summary>The column of the id, which is the first.</summary>
    public static PostgresReadColumn IdColumn => s_columns[0].ReadColumn;

    /// <summary>The columns of a session in a row that is read, as <see cref="Columns"/> names them.</summary>
    public static IEnumerable<PostgresReadColumn> ReadColumns =>
        s_columns.Select(static column => column.ReadColumn).Concat(s_columnsWithDefault);

    /// <summary>The columns of a new row; the sweep first looks at it when it expires.</summary>
    public static string InsertColumns { get; } = $"{SessionColumns}, sweep_at";

    /// <summary>The columns of a session that an insertion names.</summary>
    public static string SessionColumns => string.Join(", ", s_columns.Select(static column => column.Name));

    /// <summary>
    /// The parameters of new rows, as <see cref="CreateParameters(Session)"/> and <see cref="CreateParameters(IReadOnlyList{Session})"/>
    /// give them.
    /// </summary>
    public static string Placeholders { get; } = string.Join(", ", s_columns.Select(static (_, i) => Placeholder(i)));

    /// <summary>The parameter of an insertion that holds a column.</summary>
    public static string FindPlaceholder(string name) => Placeholder(Array.FindIndex(s_columns, column => column.Name == name));

    /// <summary>The columns of a session.</summary>
    /// <param name="table">The name before each.</param>
    public static string Columns(string? table = null) =>
        string.Join(
            ", ",
            s_columns
                .Select(static column => column.Name)
                .Concat(s_columnsWithDefault.Select(static column => column.Name))
                .Select(name => table is null ? name : $"{table}.{name}")
        );

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

    /// <summary>The session; null: the row is a marker.</summary>
    /// <exception cref="Exception">Of many kinds: the row is not what this version writes.</exception>
    public Session? ToSession() =>
        Marker != (short)SessionMarker.None
            ? null
            : new()
            {
                Id =
                    Format == CurrentFormat
                        ? SessionId.Parse(Id, CultureInfo.InvariantCulture)
                        : throw new FormatException($"The record has format {Format}, and this version reads {CurrentFormat}."),
                UserKey = UserKey,
                CreatedAt = CreatedAt,
                LastSeenAt = LastSeenAt,
                ExpiresAt = ExpiresAt,
                EndsAt = EndsAt,
                IdleTimeout = IdleTimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
                HasCustomLifetime = CustomLifetime,
                IsPersistent = Persistent,
                IsBearer = Bearer,
                AuthenticatedAt = AuthenticatedAt,
                AuthenticationMethod = AuthenticationMethod,
                Credential = SessionCredentialRecord.Read(Credential),
                Client = ReadClient(ClientIp, ClientOs, ClientBrowser, ClientDevice, ClientAgent),
                LastClient = ReadClient(LastIp, LastOs, LastBrowser, LastDevice, LastAgent),
                Values = ReadValues(Values),
                Tags = ReadTags(Tags),
            };

    /// <summary>Values as they come out of <c>jsonb</c>.</summary>
    protected static SessionValues ReadValues(string json) =>
        json == "{}"
            ? SessionValues.Empty
            : JsonSerializer.Deserialize<SessionValues>(json) ?? throw new FormatException("The values of the record are not an object.");

    private static SessionTags ReadTags(string[]? tags) =>
        tags is null
            ? SessionTags.Empty
            : SessionTags.Create(tags.Chunk(2).Select(static tag => new SessionTag { Name = tag[0], Value = tag[1] }));

    private static ClientInfo ReadClient(IPAddress? address, string? system, string? browser, short device, byte[]? agent) =>
        new()
        {
            IPAddress = address,
            OperatingSystem = system,
            Browser = browser,
            Device = (DeviceKind)device,
            UserAgentHash = ReadHash(agent),
        };

    private static Sha256Hash? ReadHash(byte[]? digest) => digest is null ? null : new Sha256Hash(digest);

    private static PostgresColumn[] ClientColumns(string prefix, Func<Session, ClientInfo> client) =>
        [
            PostgresColumn.Create($"{prefix}_ip", NpgsqlDbType.Inet, session => client(session).IPAddress),
            PostgresColumn.Create($"{prefix}_os", NpgsqlDbType.Text, session => client(session).OperatingSystem),
            PostgresColumn.Create($"{prefix}_browser", NpgsqlDbType.Text, session => client(session).Browser),
            PostgresColumn.Create($"{prefix}_device", NpgsqlDbType.Smallint, session => (short)client(session).Device),
            PostgresColumn.Create($"{prefix}_agent", NpgsqlDbType.Bytea, session => client(session).UserAgentHash?.ToArray()),
        ];

    private static string Placeholder(int index) => $"${index + 1}";
}

/// <summary>What <see cref="PostgresStatements.Update"/> returns.</summary>
internal sealed record PostgresUpdateRecord : PostgresSessionRecord
{
    public int Outcome { get; init; }

    /// <summary>The values that were removed; null: none.</summary>
    public string? Removed { get; init; }

    public SessionUpdate ToUpdate(Session session) =>
        new()
        {
            Outcome = (SessionUpdateOutcome)Outcome,
            Session = session,
            Removed = Removed is null ? SessionValues.Empty : ReadValues(Removed),
        };
}
