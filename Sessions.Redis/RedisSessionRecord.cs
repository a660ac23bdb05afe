using System.Buffers;
using System.Text;

namespace Sessions.Redis;

/// <summary>
/// The binary form of a session. Numbers are big-endian; instants are milliseconds since the Unix epoch in 7 bytes, which is the least that holds all of
/// them. Scripts read and change the same form, but count from 1.
/// <code>
///   0  version (1), flags (1: persistent)
///   2  last seen, expires, ends, created
///  30  hash of the secret, hash of the lineage
///  94  sections, each with its length before it, in 2 bytes: user key, client, last client (empty: the same);
///      in 1 byte: rotation (rotated, confirmed, hash of the previous secret), authentication (at, method), idle timeout
///   .. values to the end: key and value, each with its length before it, in 4 bytes
/// </code>
/// </summary>
internal static class RedisSessionRecord
{
    private const int Times = 2;
    private const int HeaderLength = 94;
    private const byte Version = 1;
    private const byte PersistentFlag = 1;

    public static byte[] Write(Session session)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write([Version, session.Persistent ? PersistentFlag : (byte)0]);
        output.WriteInstant(session.LastSeenAt);
        output.WriteInstant(session.ExpiresAt);
        output.WriteInstant(session.EndsAt);
        output.WriteInstant(session.CreatedAt);
        output.WriteHash(session.Credential.Secret);
        output.WriteHash(session.Credential.Lineage);
        output.WriteSection(Encoding.UTF8.GetBytes(session.UserKey ?? ""));
        output.WriteSection(RedisClientRecord.Write(session.Client));
        output.WriteSection(session.LastClient == session.Client ? [] : RedisClientRecord.Write(session.LastClient));
        output.WriteSmallSection(Rotation(session.Credential.RotatedAt, session.Credential.ConfirmedAt, session.Credential.Previous));
        output.WriteSmallSection(Authentication(session.AuthenticatedAt, session.AuthenticationMethod));
        output.WriteSmallSection(session.IdleTimeout is { } idle ? RedisMilliseconds.Of(idle) : []);
        foreach (var (key, value) in session.Values)
        {
            output.WriteText(key);
            output.WriteText(value);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Null when the record is damaged or of a version that this one does not know.</summary>
    public static Session? Read(SessionId id, byte[] record)
    {
        if (record.Length < HeaderLength || record[0] != Version)
        {
            return null;
        }

        try
        {
            return ReadAll(id, record);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // Lengths that lead out of the record, instants out of range, text that no session could hold.
            return null;
        }
    }

    public static byte[] Rotation(DateTimeOffset? rotatedAt, DateTimeOffset? confirmedAt, Sha256Hash? previous) =>
        rotatedAt is null && confirmedAt is null && previous is null
            ? []
            : [.. RedisMilliseconds.Of(rotatedAt), .. RedisMilliseconds.Of(confirmedAt), .. previous?.ToArray() ?? []];

    public static byte[] Authentication(DateTimeOffset? at, string? method) =>
        at is null && method is null ? []
        : method is null ? RedisMilliseconds.Of(at)
        // One byte between them tells an empty method from none.
        : [.. RedisMilliseconds.Of(at), 1, .. Encoding.UTF8.GetBytes(method)];

    private static Session ReadAll(SessionId id, byte[] record)
    {
        var input = new RedisRecordReader(record.AsSpan(Times));
        var (lastSeen, expires, ends, created) = (input.Instant(), input.Instant(), input.Instant(), input.Instant());
        var (secret, lineage) = (input.Hash(), input.Hash());
        var userKey = Encoding.UTF8.GetString(input.Section());
        var client = RedisClientRecord.Read(input.Section());
        var lastClient = input.Section();
        var rotation = new RedisRecordReader(input.SmallSection());
        var (rotated, confirmed) = rotation.IsEmpty ? (null, null) : (rotation.OptionalInstant(), rotation.OptionalInstant());
        Sha256Hash? previous = rotation.IsEmpty ? null : rotation.Hash();
        var authentication = new RedisRecordReader(input.SmallSection());
        var authenticated = authentication.IsEmpty ? null : authentication.OptionalInstant();
        var method = authentication.IsEmpty ? null : Encoding.UTF8.GetString(authentication.Rest()[1..]);
        var idle = new RedisRecordReader(input.SmallSection());
        TimeSpan? idleTimeout = idle.IsEmpty ? null : TimeSpan.FromMilliseconds(idle.Milliseconds());
        return new()
        {
            Id = id,
            UserKey = userKey.Length == 0 ? null : userKey,
            CreatedAt = created,
            LastSeenAt = lastSeen,
            ExpiresAt = expires,
            EndsAt = ends,
            IdleTimeout = idleTimeout,
            Persistent = (record[1] & PersistentFlag) != 0,
            AuthenticatedAt = authenticated,
            AuthenticationMethod = method,
            Client = client,
            LastClient = lastClient.IsEmpty ? client : RedisClientRecord.Read(lastClient),
            Values = ReadValues(ref input),
            Credential = new()
            {
                Lineage = lineage,
                Secret = secret,
                Previous = previous,
                RotatedAt = rotated,
                ConfirmedAt = confirmed,
            },
        };
    }

    private static SessionValues ReadValues(ref RedisRecordReader input)
    {
        if (input.IsEmpty)
        {
            return SessionValues.Empty;
        }

        var values = new List<KeyValuePair<string, string>>();
        while (!input.IsEmpty)
        {
            values.Add(KeyValuePair.Create(input.Text(), input.Text()));
        }

        return SessionValues.From(values);
    }
}
