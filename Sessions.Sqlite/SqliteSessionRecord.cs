using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sessions.Clients;

namespace Sessions.Sqlite;

/// <summary>A row of the table. Instants and spans are whole milliseconds.</summary>
/// <param name="Id">Whatever is there.</param>
/// <param name="ExpiresAt">Whatever is there.</param>
/// <param name="Session">Null when this version cannot read it.</param>
/// <param name="Damage">Why it cannot.</param>
internal readonly record struct SqliteSessionRecord(string Id, long ExpiresAt, Session? Session, FormatException? Damage)
{
    /// <summary>For SELECT and RETURNING, in the order in which they are read.</summary>
    public const string Columns = """
        id, expires_at, format, user_key, created_at, last_seen_at, ends_at, idle_timeout, persistent, authenticated_at, authentication_method,
        client_ip, client_os, client_browser, client_device, client_agent_hash,
        last_client_ip, last_client_os, last_client_browser, last_client_device, last_client_agent_hash,
        value_map, lineage_hash, secret_hash, previous_secret_hash, rotated_at, confirmed_at
        """;

    private const long CurrentFormat = 1;

    // The map is never put into HTML, so text may stay as it is.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The values of a session for INSERT and UPDATE.</summary>
    public static (string Name, object? Value)[] Parameters(Session session) =>
        [
            ("@Format", CurrentFormat),
            ("@Id", session.Id.ToString()),
            ("@UserKey", session.UserKey),
            ("@CreatedAt", session.CreatedAt.ToUnixTimeMilliseconds()),
            ("@LastSeenAt", session.LastSeenAt.ToUnixTimeMilliseconds()),
            ("@ExpiresAt", session.ExpiresAt.ToUnixTimeMilliseconds()),
            ("@EndsAt", session.EndsAt.ToUnixTimeMilliseconds()),
            ("@IdleTimeout", (long?)session.IdleTimeout?.TotalMilliseconds),
            ("@Persistent", session.Persistent),
            ("@AuthenticatedAt", session.AuthenticatedAt?.ToUnixTimeMilliseconds()),
            ("@AuthenticationMethod", session.AuthenticationMethod),
            ("@ClientIP", session.Client.IPAddress?.ToString()),
            ("@ClientOS", session.Client.OperatingSystem),
            ("@ClientBrowser", session.Client.Browser),
            ("@ClientDevice", (long)session.Client.Device),
            ("@ClientAgentHash", session.Client.UserAgentHash?.ToArray()),
            ("@LastClientIP", session.LastClient.IPAddress?.ToString()),
            ("@LastClientOS", session.LastClient.OperatingSystem),
            ("@LastClientBrowser", session.LastClient.Browser),
            ("@LastClientDevice", (long)session.LastClient.Device),
            ("@LastClientAgentHash", session.LastClient.UserAgentHash?.ToArray()),
            ("@ValueMap", JsonSerializer.Serialize(session.Values, Json)),
            ("@LineageHash", session.Credential.Lineage.ToArray()),
            ("@SecretHash", session.Credential.Secret.ToArray()),
            ("@PreviousSecretHash", session.Credential.Previous?.ToArray()),
            ("@RotatedAt", session.Credential.RotatedAt?.ToUnixTimeMilliseconds()),
            ("@ConfirmedAt", session.Credential.ConfirmedAt?.ToUnixTimeMilliseconds()),
        ];

    /// <summary>Reads the row at which a statement is that returns <see cref="Columns"/>.</summary>
    public static SqliteSessionRecord Read(SqliteStatement row)
    {
        var (id, expiresAt) = (row.Text()!, row.Number());
        try
        {
            return new(id, expiresAt, Read(id, expiresAt, row), null);
        }
        catch (FormatException e)
        {
            return new(id, expiresAt, null, e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or JsonException or OverflowException)
        {
            return new(id, expiresAt, null, new FormatException("The record is damaged.", e));
        }
    }

    private static Session Read(string id, long expiresAt, SqliteStatement row)
    {
        if (row.Number() is var format && format != CurrentFormat)
        {
            throw new FormatException($"The record has format {format}; this version reads {CurrentFormat}.");
        }

        // The initializers run from top to bottom, and each takes the next column.
        return new()
        {
            Id = SessionId.Parse(id),
            ExpiresAt = Instant(expiresAt),
            UserKey = row.Text(),
            CreatedAt = Instant(row.Number()),
            LastSeenAt = Instant(row.Number()),
            EndsAt = Instant(row.Number()),
            IdleTimeout = row.NumberOrNull() is { } idle ? TimeSpan.FromMilliseconds(idle) : null,
            Persistent = row.Number() != 0,
            AuthenticatedAt = Instant(row.NumberOrNull()),
            AuthenticationMethod = row.Text(),
            Client = Client(row),
            LastClient = Client(row),
            Values = Values(row.Text()!),
            Credential = new SessionCredential
            {
                Lineage = new Sha256Hash(row.Bytes()),
                Secret = new Sha256Hash(row.Bytes()),
                Previous = HashOrNull(row),
                RotatedAt = Instant(row.NumberOrNull()),
                ConfirmedAt = Instant(row.NumberOrNull()),
            },
        };
    }

    private static ClientInfo Client(SqliteStatement row) =>
        new()
        {
            IPAddress = row.Text() is { } ip ? IPAddress.Parse(ip) : null,
            OperatingSystem = row.Text(),
            Browser = row.Text(),
            Device = (DeviceKind)checked((int)row.Number()),
            UserAgentHash = HashOrNull(row),
        };

    private static SessionValues Values(string map) =>
        map == "{}"
            ? SessionValues.Empty
            : JsonSerializer.Deserialize<SessionValues>(map, Json) ?? throw new JsonException("The values are missing.");

    private static Sha256Hash? HashOrNull(SqliteStatement row)
    {
        var digest = row.Bytes();
        return digest.IsEmpty && row.WasNull ? null : new Sha256Hash(digest);
    }

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } value ? Instant(value) : null;
}
