using System.Net;
using System.Text;
using LiteDB;
using Sessions.Clients;

namespace Sessions.LiteDb;

/// <summary>
/// A session as a document. Instants and spans are whole milliseconds. Written and read by hand: LiteDB's mapper trims text and turns empty text into null.
/// </summary>
internal static class LiteDbSessionRecord
{
    public const string UserKey = "userKey";
    public const string ExpiresAt = "expiresAt";

    private const int CurrentFormat = 1;

    /// <summary>Ids and user keys are kept as bytes: as text LiteDB compares them as the collation of the file says, which by default ignores case.</summary>
    public static BsonValue Key(SessionId id) => Encoding.ASCII.GetBytes(id.ToString());

    /// <inheritdoc cref="Key(SessionId)"/>
    public static BsonValue Key(string userKey) => Encoding.UTF8.GetBytes(userKey);

    /// <summary>The id as text, also of a record that cannot be read.</summary>
    public static string IdOf(BsonDocument record) =>
        record["_id"] is { IsBinary: true } id ? Encoding.ASCII.GetString(id.AsBinary) : record["_id"].ToString();

    public static BsonDocument From(Session session)
    {
        var credential = session.Credential;
        return new BsonDocument
        {
            ["_id"] = Key(session.Id),
            ["format"] = CurrentFormat,
            [UserKey] = session.UserKey is null ? BsonValue.Null : Key(session.UserKey),
            ["createdAt"] = Milliseconds(session.CreatedAt),
            ["lastSeenAt"] = Milliseconds(session.LastSeenAt),
            [ExpiresAt] = Milliseconds(session.ExpiresAt),
            ["endsAt"] = Milliseconds(session.EndsAt),
            ["idleTimeout"] = Optional((long?)session.IdleTimeout?.TotalMilliseconds),
            ["persistent"] = session.Persistent,
            ["authenticatedAt"] = Milliseconds(session.AuthenticatedAt),
            ["authenticationMethod"] = session.AuthenticationMethod,
            ["client"] = Client(session.Client),
            ["lastClient"] = Client(session.LastClient),
            ["values"] = Values(session.Values),
            ["lineageHash"] = credential.Lineage.ToArray(),
            ["secretHash"] = credential.Secret.ToArray(),
            ["previousSecretHash"] = credential.Previous?.ToArray(),
            ["rotatedAt"] = Milliseconds(credential.RotatedAt),
            ["confirmedAt"] = Milliseconds(credential.ConfirmedAt),
        };
    }

    /// <exception cref="FormatException">The document is not a session that this version can read.</exception>
    public static Session ToSession(BsonDocument record)
    {
        if (record["format"] != CurrentFormat)
        {
            throw new FormatException($"The record has format {record["format"]}; this version reads {CurrentFormat}.");
        }

        try
        {
            return Read(record);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new FormatException("The record is damaged.", e);
        }
    }

    private static Session Read(BsonDocument record) =>
        new()
        {
            Id = SessionId.Parse(Encoding.ASCII.GetString(Bytes(record["_id"]))),
            UserKey = record[UserKey].IsNull ? null : Encoding.UTF8.GetString(Bytes(record[UserKey])),
            CreatedAt = Instant(record["createdAt"]),
            LastSeenAt = Instant(record["lastSeenAt"]),
            ExpiresAt = Instant(record[ExpiresAt]),
            EndsAt = Instant(record["endsAt"]),
            IdleTimeout = record["idleTimeout"].IsNull ? null : TimeSpan.FromMilliseconds(Raw<long>(record["idleTimeout"])),
            Persistent = Raw<bool>(record["persistent"]),
            AuthenticatedAt = OptionalInstant(record["authenticatedAt"]),
            AuthenticationMethod = OptionalText(record["authenticationMethod"]),
            Client = ReadClient(record["client"]),
            LastClient = ReadClient(record["lastClient"]),
            Values = ReadValues(record["values"]),
            Credential = new SessionCredential
            {
                Lineage = new Sha256Hash(Bytes(record["lineageHash"])),
                Secret = new Sha256Hash(Bytes(record["secretHash"])),
                Previous = OptionalHash(record["previousSecretHash"]),
                RotatedAt = OptionalInstant(record["rotatedAt"]),
                ConfirmedAt = OptionalInstant(record["confirmedAt"]),
            },
        };

    private static BsonDocument Client(ClientInfo client) =>
        new()
        {
            ["ip"] = client.IPAddress?.ToString(),
            ["os"] = client.OperatingSystem,
            ["browser"] = client.Browser,
            ["device"] = (int)client.Device,
            ["agentHash"] = client.UserAgentHash?.ToArray(),
        };

    private static ClientInfo ReadClient(BsonValue client) =>
        client is BsonDocument
            ? new()
            {
                IPAddress = OptionalText(client["ip"]) is { } ip ? IPAddress.Parse(ip) : null,
                OperatingSystem = OptionalText(client["os"]),
                Browser = OptionalText(client["browser"]),
                Device = (DeviceKind)Raw<int>(client["device"]),
                UserAgentHash = OptionalHash(client["agentHash"]),
            }
            : throw new FormatException("A client is missing.");

    // Keys and values in turn: the names in a document would not tell upper from lower case.
    private static BsonArray Values(SessionValues values) =>
        new(values.SelectMany(static pair => new BsonValue[] { pair.Key, pair.Value }));

    private static SessionValues ReadValues(BsonValue values) =>
        values is BsonArray array && array.Count % 2 == 0
            ? SessionValues.From(array.Chunk(2).Select(static pair => KeyValuePair.Create(Raw<string>(pair[0]), Raw<string>(pair[1]))))
            : throw new FormatException("The values are missing.");

    private static BsonValue Milliseconds(DateTimeOffset? instant) => Optional(instant?.ToUnixTimeMilliseconds());

    private static BsonValue Optional(long? number) => number is { } value ? new BsonValue(value) : BsonValue.Null;

    private static DateTimeOffset Instant(BsonValue value) => DateTimeOffset.FromUnixTimeMilliseconds(Raw<long>(value));

    private static DateTimeOffset? OptionalInstant(BsonValue value) => value.IsNull ? null : Instant(value);

    private static Sha256Hash? OptionalHash(BsonValue value) => value.IsNull ? null : new Sha256Hash(Bytes(value));

    private static string? OptionalText(BsonValue value) => value.IsNull ? null : Raw<string>(value);

    private static byte[] Bytes(BsonValue value) => Raw<byte[]>(value);

    // LiteDB's own conversions turn what is missing into zero.
    private static T Raw<T>(BsonValue value) =>
        value.RawValue is T raw ? raw : throw new FormatException($"There is {value.Type} where {typeof(T).Name} belongs.");
}
