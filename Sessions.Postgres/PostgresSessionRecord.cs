using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Sessions.Clients;

namespace Sessions.Postgres;

/// <summary>
/// One row as a session, and back. Columns are read by their types and not by a mapper: an application's data source may read some as others (NodaTime),
/// and every request waits for this.
/// </summary>
internal static class PostgresSessionRecord
{
    /// <summary>The format that is written, and the newest that can be read.</summary>
    public const short Format = 1;

    private static readonly string[] Names =
    [
        .. "id,format,user_key,created_at,last_seen_at,expires_at,ends_at,idle_timeout_ms,persistent".Split(','),
        .. "authenticated_at,authentication_method,lineage,secret,previous,rotated_at,confirmed_at".Split(','),
        .. "client_ip,client_os,client_browser,client_device,client_agent".Split(','),
        .. "last_ip,last_os,last_browser,last_device,last_agent,\"values\"".Split(','),
    ];

    /// <summary>Where the id stands in a row.</summary>
    public const int IdOrdinal = 0;

    /// <summary>How many columns a session has in a row, and parameters in an insertion.</summary>
    public static int Width => Names.Length;

    /// <summary>The columns of a new row; the sweep first looks at it when it expires.</summary>
    public static string NewColumns { get; } = $"{Columns()}, sweep_at";

    /// <summary>The parameters of a new row, as <see cref="Parameters(Session)"/> gives them.</summary>
    public static string NewParameters { get; } =
        string.Join(", ", Names.Append("expires_at").Select(static name => Placeholder(Array.IndexOf(Names, name))));

    /// <summary>The parameter that holds the user key in an insertion.</summary>
    public static string UserKeyParameter { get; } = Placeholder(Array.IndexOf(Names, "user_key"));

    /// <summary>The columns of a session, in the order in which <see cref="Read"/> reads them.</summary>
    /// <param name="table">The name before each.</param>
    public static string Columns(string? table = null) => string.Join(", ", Names.Select(name => table is null ? name : $"{table}.{name}"));

    public static IEnumerable<NpgsqlParameter> Parameters(Session session) =>
        [
            PostgresParameter.Id(session.Id),
            PostgresParameter.Small(Format),
            PostgresParameter.Text(session.UserKey),
            PostgresParameter.Instant(session.CreatedAt),
            PostgresParameter.Instant(session.LastSeenAt),
            PostgresParameter.Instant(session.ExpiresAt),
            PostgresParameter.Instant(session.EndsAt),
            PostgresParameter.Long((long?)session.IdleTimeout?.TotalMilliseconds),
            PostgresParameter.Flag(session.Persistent),
            PostgresParameter.Instant(session.AuthenticatedAt),
            PostgresParameter.Text(session.AuthenticationMethod),
            PostgresParameter.Hash(session.Credential.Lineage),
            PostgresParameter.Hash(session.Credential.Secret),
            PostgresParameter.Hash(session.Credential.Previous),
            PostgresParameter.Instant(session.Credential.RotatedAt),
            PostgresParameter.Instant(session.Credential.ConfirmedAt),
            .. Parameters(session.Client),
            .. Parameters(session.LastClient),
            PostgresParameter.Json(session.Values),
        ];

    /// <summary>The five parameters of a client; all null when there is none to write.</summary>
    public static IEnumerable<NpgsqlParameter> Parameters(ClientInfo? client) =>
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
            Persistent = Next<bool>(),
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

    private static string Placeholder(int index) => $"${index + 1}";
}
