namespace Sessions.Stores;

/// <summary>
/// For authors of stores: a whole session as bytes, for a backend that keeps it as one value. What an ordinary session does not need takes no room.
/// </summary>
/// <remarks>
/// <para>
/// Numbers are big-endian, text is UTF-8; instants are milliseconds since the Unix epoch, signed, in 7 bytes, which is the least that holds all of them; the least of these numbers stands for an
/// instant that is absent. A backend that can may change parts of a record in place: see <see cref="SessionRecordPart"/>.
/// </para>
/// <code>
///   version, flags (<see cref="SessionRecordFlags"/>)
///   last seen, expires, ends, created
///   hash of the secret, hash of the lineage
///   the sections that the flags name, each with its length before it:
///     user key, its text or, where that is a GUID, the 16 bytes of it
///     client
///     last client
///     rotation: rotated, confirmed, hash of the previous secret if there is one
///     authentication: at; a byte 1 and the method, if there is one
///     idle timeout
///   values to the end: key and value, each with its length before it
/// </code>
/// <para>A length is one byte or, from 255 on, that number and four more. <see cref="SessionRecordLayout"/> has the numbers.</para>
/// </remarks>
public static class SessionRecord
{
    private const int MaxWithoutValues =
        SessionRecordLayout.HeaderLength
        + 6 * RecordWriter.MaxLengthSize
        + RecordSections.MaxUserKey
        + 2 * ClientRecord.MaxSize
        + RecordSections.MaxRotation
        + RecordSections.MaxAuthentication
        + RecordMilliseconds.Size;

    private const int MaxOnStack = 2 * MaxWithoutValues;

    /// <summary>The record of a session: all of it, but for its id.</summary>
    public static byte[] Write(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var room = MaxWithoutValues + session.Values.ByteCount + 2 * RecordWriter.MaxLengthSize * session.Values.Count;
        var output = new RecordWriter(room <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[room]);
        output.Byte(SessionRecordLayout.Version);
        output.Byte((byte)SessionRecordFlags.None);
        output.Instant(session.LastSeenAt);
        output.Instant(session.ExpiresAt);
        output.Instant(session.EndsAt);
        output.Instant(session.CreatedAt);
        output.Hash(session.Credential.Secret);
        output.Hash(session.Credential.Lineage);
        output.Set(SessionRecordLayout.FlagsOffset, (byte)WriteSections(ref output, session));
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

    /// <summary>The session of a record.</summary>
    /// <exception cref="FormatException">The record is damaged, or of a version that this one does not know.</exception>
    public static Session Read(SessionId id, ReadOnlySpan<byte> record) => Read(id, null, record);

    /// <summary>The session of a record beside which its last use and its expiry are kept, so that to touch it need not change the record.</summary>
    /// <param name="touch">Which session, when it was used last and until when it lives: instead of what the record says, be it later or earlier.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="FormatException">The record is damaged, or of a version that this one does not know.</exception>
    public static Session Read(SessionTouch touch, ReadOnlySpan<byte> record) => Read(touch.Id, touch, record);

    private static Session Read(SessionId id, SessionTouch? touch, ReadOnlySpan<byte> record)
    {
        if (!record.IsEmpty && record[SessionRecordLayout.VersionOffset] != SessionRecordLayout.Version)
        {
            throw new FormatException(
                $"The record has version {record[SessionRecordLayout.VersionOffset]}; this one reads {SessionRecordLayout.Version}."
            );
        }

        try
        {
            return ReadSections(id, touch, record);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // Lengths that lead out of the record, instants out of range, text that no session could hold.
            throw new FormatException("The record is damaged.", e);
        }
    }

    private static SessionRecordFlags WriteSections(ref RecordWriter output, Session session)
    {
        var flags = session.IsPersistent ? SessionRecordFlags.Persistent : SessionRecordFlags.None;
        if (session.UserKey is { } userKey)
        {
            flags |=
                SessionRecordFlags.User
                | (RecordSections.WriteUser(ref output, userKey) ? SessionRecordFlags.UserIsGuid : SessionRecordFlags.None);
        }

        if (session.Client != ClientInfo.Unknown)
        {
            flags |= SessionRecordFlags.Client;
            var begin = output.BeginSection();
            ClientRecord.Write(ref output, session.Client);
            output.EndSection(begin);
        }

        if (session.LastClient != session.Client)
        {
            flags |= SessionRecordFlags.LastClient;
            var begin = output.BeginSection();
            ClientRecord.Write(ref output, session.LastClient);
            output.EndSection(begin);
        }

        if (session.Credential is { RotatedAt: not null } or { ConfirmedAt: not null } or { Previous: not null })
        {
            flags |= SessionRecordFlags.Rotation;
            var begin = output.BeginSection();
            RecordSections.WriteRotation(
                ref output,
                session.Credential.RotatedAt,
                session.Credential.ConfirmedAt,
                session.Credential.Previous
            );
            output.EndSection(begin);
        }

        if (
            session.AuthenticationMethod is not null
            || session.AuthenticatedAt != DefaultAuthenticatedAt(session.UserKey, session.CreatedAt)
        )
        {
            flags |= SessionRecordFlags.Authentication;
            var begin = output.BeginSection();
            RecordSections.WriteAuthentication(ref output, session.AuthenticatedAt, session.AuthenticationMethod);
            output.EndSection(begin);
        }

        if (session.IdleTimeout is { } idle)
        {
            flags |= SessionRecordFlags.IdleTimeout;
            var begin = output.BeginSection();
            output.Time(idle);
            output.EndSection(begin);
        }

        return flags;
    }

    private static DateTimeOffset? DefaultAuthenticatedAt(string? userKey, DateTimeOffset createdAt) => userKey is null ? null : createdAt;

    private static Session ReadSections(SessionId id, SessionTouch? touch, ReadOnlySpan<byte> record)
    {
        var flags = (SessionRecordFlags)record[SessionRecordLayout.FlagsOffset];
        var input = new RecordReader(record[SessionRecordLayout.LastSeenAtOffset..]);
        var (lastSeen, expires, ends, created) = (input.Instant(), input.Instant(), input.Instant(), input.Instant());
        var (secret, lineage) = (input.Hash(), input.Hash());
        var userKey = Has(SessionRecordFlags.User) ? RecordSections.ReadUser(input.Section(), Has(SessionRecordFlags.UserIsGuid)) : null;
        var client = Has(SessionRecordFlags.Client) ? ClientRecord.Read(input.Section()) : ClientInfo.Unknown;
        var lastClient = Has(SessionRecordFlags.LastClient) ? ClientRecord.Read(input.Section()) : client;
        var credential = Has(SessionRecordFlags.Rotation)
            ? RecordSections.ReadRotation(input.Section(), secret, lineage)
            : new SessionCredential { Lineage = lineage, Secret = secret };
        var (authenticated, method) = Has(SessionRecordFlags.Authentication)
            ? RecordSections.ReadAuthentication(input.Section())
            : (DefaultAuthenticatedAt(userKey, created), null);
        TimeSpan? idle = Has(SessionRecordFlags.IdleTimeout)
            ? TimeSpan.FromMilliseconds(new RecordReader(input.Section()).Milliseconds())
            : null;
        return new()
        {
            Id = id,
            UserKey = userKey,
            CreatedAt = created,
            LastSeenAt = touch?.LastSeenAt ?? lastSeen,
            ExpiresAt = touch?.ExpiresAt ?? expires,
            EndsAt = ends,
            IdleTimeout = idle,
            IsPersistent = Has(SessionRecordFlags.Persistent),
            AuthenticatedAt = authenticated,
            AuthenticationMethod = method,
            Client = client,
            LastClient = lastClient,
            Values = ReadValues(ref input),
            Credential = credential,
        };

        bool Has(SessionRecordFlags flag) => (flags & flag) != 0;
    }

    private static SessionValues ReadValues(ref RecordReader input)
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
