using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sessions.Clients;

namespace Sessions.Sqlite;

/// <summary>A row of the table. Instants and spans are whole milliseconds.</summary>
internal sealed class SqliteSessionRecord
{
    /// <summary>The columns under the names of the properties, for SELECT and RETURNING.</summary>
    public const string Columns = """
        format AS Format, id AS Id, user_key AS UserKey, created_at AS CreatedAt, last_seen_at AS LastSeenAt, expires_at AS ExpiresAt,
        ends_at AS EndsAt, idle_timeout AS IdleTimeout, persistent AS Persistent, authenticated_at AS AuthenticatedAt,
        authentication_method AS AuthenticationMethod, client_ip AS ClientIP, client_os AS ClientOS, client_browser AS ClientBrowser,
        client_device AS ClientDevice, client_agent_hash AS ClientAgentHash, last_client_ip AS LastClientIP, last_client_os AS LastClientOS,
        last_client_browser AS LastClientBrowser, last_client_device AS LastClientDevice, last_client_agent_hash AS LastClientAgentHash,
        value_map AS ValueMap, lineage_hash AS LineageHash, secret_hash AS SecretHash, previous_secret_hash AS PreviousSecretHash,
        rotated_at AS RotatedAt, confirmed_at AS ConfirmedAt
        """;

    private const long CurrentFormat = 1;

    // The map is never put into HTML, so text may stay as it is.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Format { get; init; } = CurrentFormat;
    public string Id { get; init; } = "";
    public string? UserKey { get; init; }
    public long CreatedAt { get; init; }
    public long LastSeenAt { get; init; }
    public long ExpiresAt { get; init; }
    public long EndsAt { get; init; }
    public long? IdleTimeout { get; init; }
    public bool Persistent { get; init; }
    public long? AuthenticatedAt { get; init; }
    public string? AuthenticationMethod { get; init; }
    public string? ClientIP { get; init; }
    public string? ClientOS { get; init; }
    public string? ClientBrowser { get; init; }
    public long ClientDevice { get; init; }
    public byte[]? ClientAgentHash { get; init; }
    public string? LastClientIP { get; init; }
    public string? LastClientOS { get; init; }
    public string? LastClientBrowser { get; init; }
    public long LastClientDevice { get; init; }
    public byte[]? LastClientAgentHash { get; init; }
    public string ValueMap { get; init; } = "";
    public byte[] LineageHash { get; init; } = [];
    public byte[] SecretHash { get; init; } = [];
    public byte[]? PreviousSecretHash { get; init; }
    public long? RotatedAt { get; init; }
    public long? ConfirmedAt { get; init; }

    public static SqliteSessionRecord From(Session session) =>
        new()
        {
            Id = session.Id.ToString(),
            UserKey = session.UserKey,
            CreatedAt = session.CreatedAt.ToUnixTimeMilliseconds(),
            LastSeenAt = session.LastSeenAt.ToUnixTimeMilliseconds(),
            ExpiresAt = session.ExpiresAt.ToUnixTimeMilliseconds(),
            EndsAt = session.EndsAt.ToUnixTimeMilliseconds(),
            IdleTimeout = (long?)session.IdleTimeout?.TotalMilliseconds,
            Persistent = session.Persistent,
            AuthenticatedAt = session.AuthenticatedAt?.ToUnixTimeMilliseconds(),
            AuthenticationMethod = session.AuthenticationMethod,
            ClientIP = session.Client.IPAddress?.ToString(),
            ClientOS = session.Client.OperatingSystem,
            ClientBrowser = session.Client.Browser,
            ClientDevice = (long)session.Client.Device,
            ClientAgentHash = session.Client.UserAgentHash?.ToArray(),
            LastClientIP = session.LastClient.IPAddress?.ToString(),
            LastClientOS = session.LastClient.OperatingSystem,
            LastClientBrowser = session.LastClient.Browser,
            LastClientDevice = (long)session.LastClient.Device,
            LastClientAgentHash = session.LastClient.UserAgentHash?.ToArray(),
            ValueMap = JsonSerializer.Serialize(session.Values, Json),
            LineageHash = session.Credential.Lineage.ToArray(),
            SecretHash = session.Credential.Secret.ToArray(),
            PreviousSecretHash = session.Credential.Previous?.ToArray(),
            RotatedAt = session.Credential.RotatedAt?.ToUnixTimeMilliseconds(),
            ConfirmedAt = session.Credential.ConfirmedAt?.ToUnixTimeMilliseconds(),
        };

    /// <summary>The values under the names of the properties, for INSERT and UPDATE.</summary>
    public (string Name, object? Value)[] Parameters() =>
        [
            ("@Format", Format),
            ("@Id", Id),
            ("@UserKey", UserKey),
            ("@CreatedAt", CreatedAt),
            ("@LastSeenAt", LastSeenAt),
            ("@ExpiresAt", ExpiresAt),
            ("@EndsAt", EndsAt),
            ("@IdleTimeout", IdleTimeout),
            ("@Persistent", Persistent),
            ("@AuthenticatedAt", AuthenticatedAt),
            ("@AuthenticationMethod", AuthenticationMethod),
            ("@ClientIP", ClientIP),
            ("@ClientOS", ClientOS),
            ("@ClientBrowser", ClientBrowser),
            ("@ClientDevice", ClientDevice),
            ("@ClientAgentHash", ClientAgentHash),
            ("@LastClientIP", LastClientIP),
            ("@LastClientOS", LastClientOS),
            ("@LastClientBrowser", LastClientBrowser),
            ("@LastClientDevice", LastClientDevice),
            ("@LastClientAgentHash", LastClientAgentHash),
            ("@ValueMap", ValueMap),
            ("@LineageHash", LineageHash),
            ("@SecretHash", SecretHash),
            ("@PreviousSecretHash", PreviousSecretHash),
            ("@RotatedAt", RotatedAt),
            ("@ConfirmedAt", ConfirmedAt),
        ];

    /// <summary>A row of <see cref="Columns"/>, in their order.</summary>
    public static SqliteSessionRecord Read(SqliteStatement row)
    {
        // The initializers below run from top to bottom, and each takes the next column.
        var column = 0;
        return new()
        {
            Format = row.Number(column++),
            Id = row.Text(column++)!,
            UserKey = row.Text(column++),
            CreatedAt = row.Number(column++),
            LastSeenAt = row.Number(column++),
            ExpiresAt = row.Number(column++),
            EndsAt = row.Number(column++),
            IdleTimeout = row.NumberOrNull(column++),
            Persistent = row.Number(column++) != 0,
            AuthenticatedAt = row.NumberOrNull(column++),
            AuthenticationMethod = row.Text(column++),
            ClientIP = row.Text(column++),
            ClientOS = row.Text(column++),
            ClientBrowser = row.Text(column++),
            ClientDevice = row.Number(column++),
            ClientAgentHash = row.BytesOrNull(column++),
            LastClientIP = row.Text(column++),
            LastClientOS = row.Text(column++),
            LastClientBrowser = row.Text(column++),
            LastClientDevice = row.Number(column++),
            LastClientAgentHash = row.BytesOrNull(column++),
            ValueMap = row.Text(column++)!,
            LineageHash = row.Bytes(column++),
            SecretHash = row.Bytes(column++),
            PreviousSecretHash = row.BytesOrNull(column++),
            RotatedAt = row.NumberOrNull(column++),
            ConfirmedAt = row.NumberOrNull(column++),
        };
    }

    /// <exception cref="FormatException">The row is not a session that this version can read.</exception>
    public Session ToSession()
    {
        if (Format != CurrentFormat)
        {
            throw new FormatException($"The record has format {Format}; this version reads {CurrentFormat}.");
        }

        try
        {
            return Read();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or JsonException or OverflowException)
        {
            throw new FormatException("The record is damaged.", e);
        }
    }

    private Session Read() =>
        new()
        {
            Id = SessionId.Parse(Id),
            UserKey = UserKey,
            CreatedAt = Instant(CreatedAt),
            LastSeenAt = Instant(LastSeenAt),
            ExpiresAt = Instant(ExpiresAt),
            EndsAt = Instant(EndsAt),
            IdleTimeout = IdleTimeout is { } idle ? TimeSpan.FromMilliseconds(idle) : null,
            Persistent = Persistent,
            AuthenticatedAt = Instant(AuthenticatedAt),
            AuthenticationMethod = AuthenticationMethod,
            Client = Client(ClientIP, ClientOS, ClientBrowser, ClientDevice, ClientAgentHash),
            LastClient = Client(LastClientIP, LastClientOS, LastClientBrowser, LastClientDevice, LastClientAgentHash),
            Values = ReadValues(),
            Credential = new SessionCredential
            {
                Lineage = new Sha256Hash(LineageHash),
                Secret = new Sha256Hash(SecretHash),
                Previous = Hash(PreviousSecretHash),
                RotatedAt = Instant(RotatedAt),
                ConfirmedAt = Instant(ConfirmedAt),
            },
        };

    private SessionValues ReadValues() =>
        ValueMap == "{}"
            ? SessionValues.Empty
            : JsonSerializer.Deserialize<SessionValues>(ValueMap, Json) ?? throw new JsonException("The values are missing.");

    private static ClientInfo Client(string? ip, string? os, string? browser, long device, byte[]? agentHash) =>
        new()
        {
            IPAddress = ip is null ? null : IPAddress.Parse(ip),
            OperatingSystem = os,
            Browser = browser,
            Device = (DeviceKind)checked((int)device),
            UserAgentHash = Hash(agentHash),
        };

    private static Sha256Hash? Hash(byte[]? digest) => digest is null ? null : new Sha256Hash(digest);

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } value ? Instant(value) : null;
}
