using Sessions.Clients;

namespace Sessions.Redis;

/// <summary>
/// The binary form of a session. Numbers are big-endian; instants are milliseconds since the Unix epoch in 7 bytes, which is the least that holds all of
/// them. Scripts read and change the same form, but count from 1.
/// <code>
///   0  version (1), flags
///   2  last seen, expires, ends, created
///  30  hash of the secret, hash of the lineage
///  94  the sections that the flags name, each with its length before it:
///        user key (none: a visitor's), its text or, where that is a GUID, the 16 bytes of it
///        client (none: nothing is known)
///        last client (none: the same)
///        rotation: rotated, confirmed, hash of the previous secret
///        authentication: at, method (none: a user's when the session was created, a visitor's never)
///        idle timeout
///   .. values to the end: key and value, each with its length before it
/// </code>
/// A length is one byte or, from 255 on, that number and four more. With it in a server's memory go the lengths of its blocks: what an ordinary session does not need has no room.
/// </summary>
internal static class RedisSessionRecord
{
    private const int FlagsAt = 1;
    private const int Times = 2;
    private const int HeaderLength = 94;
    private const byte Version = 2;

    private const int MaxWithoutValues =
        HeaderLength
        + 6 * RedisRecordWriter.MaxLengthSize
        + RedisSessionSections.MaxUserKey
        + 2 * RedisClientRecord.MaxSize
        + RedisSessionSections.MaxRotation
        + RedisSessionSections.MaxAuthentication
        + RedisMilliseconds.Size;

    private const int MaxOnStack = 2 * MaxWithoutValues;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Persistent = 1,
        UserIsGuid = 2,
        User = 4,
        Client = 8,
        LastClient = 16,
        Rotation = 32,
        Authentication = 64,
        IdleTimeout = 128,
    }

    public static byte[] Write(Session session)
    {
        var room = MaxWithoutValues + session.Values.ByteCount + 2 * RedisRecordWriter.MaxLengthSize * session.Values.Count;
        var output = new RedisRecordWriter(room <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[room]);
        output.Byte(Version);
        output.Byte((byte)Flags.None);
        output.Instant(session.LastSeenAt);
        output.Instant(session.ExpiresAt);
        output.Instant(session.EndsAt);
        output.Instant(session.CreatedAt);
        output.Hash(session.Credential.Secret);
        output.Hash(session.Credential.Lineage);
        output.Set(FlagsAt, (byte)WriteSections(ref output, session));
        if (session.Values.Count > 0)
        {
            foreach (var (key, value) in session.Values)
            {
                output.TextSection(key);
                output.TextSection(value);
            }
        }

        return output.ToArray();
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

    private static Flags WriteSections(ref RedisRecordWriter output, Session session)
    {
        var flags = session.Persistent ? Flags.Persistent : Flags.None;
        if (session.UserKey is { } userKey)
        {
            flags |= Flags.User | (RedisSessionSections.WriteUser(ref output, userKey) ? Flags.UserIsGuid : Flags.None);
        }

        if (session.Client != ClientInfo.Unknown)
        {
            flags |= Flags.Client;
            var begin = output.BeginSection();
            RedisClientRecord.Write(ref output, session.Client);
            output.EndSection(begin);
        }

        if (session.LastClient != session.Client)
        {
            flags |= Flags.LastClient;
            var begin = output.BeginSection();
            RedisClientRecord.Write(ref output, session.LastClient);
            output.EndSection(begin);
        }

        if (session.Credential is { RotatedAt: not null } or { ConfirmedAt: not null } or { Previous: not null })
        {
            flags |= Flags.Rotation;
            var begin = output.BeginSection();
            RedisSessionSections.WriteRotation(
                ref output,
                session.Credential.RotatedAt,
                session.Credential.ConfirmedAt,
                session.Credential.Previous
            );
            output.EndSection(begin);
        }

        if (session.AuthenticationMethod is not null || session.AuthenticatedAt != UsualAuthentication(session.UserKey, session.CreatedAt))
        {
            flags |= Flags.Authentication;
            var begin = output.BeginSection();
            RedisSessionSections.WriteAuthentication(ref output, session.AuthenticatedAt, session.AuthenticationMethod);
            output.EndSection(begin);
        }

        if (session.IdleTimeout is { } idle)
        {
            flags |= Flags.IdleTimeout;
            var begin = output.BeginSection();
            output.Time(idle);
            output.EndSection(begin);
        }

        return flags;
    }

    private static DateTimeOffset? UsualAuthentication(string? userKey, DateTimeOffset createdAt) => userKey is null ? null : createdAt;

    private static Session ReadAll(SessionId id, byte[] record)
    {
        var flags = (Flags)record[FlagsAt];
        var input = new RedisRecordReader(record.AsSpan(Times));
        var (lastSeen, expires, ends, created) = (input.Instant(), input.Instant(), input.Instant(), input.Instant());
        var (secret, lineage) = (input.Hash(), input.Hash());
        var userKey = Has(Flags.User) ? RedisSessionSections.ReadUser(input.Section(), Has(Flags.UserIsGuid)) : null;
        var client = Has(Flags.Client) ? RedisClientRecord.Read(input.Section()) : ClientInfo.Unknown;
        var lastClient = Has(Flags.LastClient) ? RedisClientRecord.Read(input.Section()) : client;
        var credential = Has(Flags.Rotation)
            ? RedisSessionSections.ReadRotated(input.Section(), secret, lineage)
            : new SessionCredential { Lineage = lineage, Secret = secret };
        var (authenticated, method) = Has(Flags.Authentication)
            ? RedisSessionSections.ReadAuthentication(input.Section())
            : (UsualAuthentication(userKey, created), null);
        TimeSpan? idle = Has(Flags.IdleTimeout) ? TimeSpan.FromMilliseconds(new RedisRecordReader(input.Section()).Milliseconds()) : null;
        return new()
        {
            Id = id,
            UserKey = userKey,
            CreatedAt = created,
            LastSeenAt = lastSeen,
            ExpiresAt = expires,
            EndsAt = ends,
            IdleTimeout = idle,
            Persistent = Has(Flags.Persistent),
            AuthenticatedAt = authenticated,
            AuthenticationMethod = method,
            Client = client,
            LastClient = lastClient,
            Values = ReadValues(ref input),
            Credential = credential,
        };

        bool Has(Flags flag) => (flags & flag) != 0;
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
            values.Add(KeyValuePair.Create(input.TextSection(), input.TextSection()));
        }

        return SessionValues.From(values);
    }
}
