namespace Sessions.Stores;

/// <summary>
/// For authors of stores: a whole session as bytes, for a backend that keeps it as one value. What an ordinary session does not need takes
/// no room.
/// </summary>
/// <remarks>
/// <para>
/// Numbers are big-endian, text is UTF-8; instants are milliseconds since the Unix epoch, signed, in 7 bytes, which is the least that holds
/// all of them; the least of these numbers stands for an instant that is absent. A backend that can may change parts of a record in place:
/// see <see cref="SessionRecordPart"/>.
/// </para>
/// <code>
///   version, flags (<see cref="SessionRecordFlags"/>)
///   last seen, expires, ends, created
///   sections in ascending order, each with its number and its length before it (<see cref="SessionRecordSection"/>):
///     1 user key, its text or, where that is a GUID, the 16 bytes of it
///     2 credential, see <see cref="SessionCredentialRecord"/>
///     3 client
///     4 last client
///     5 authentication: at; a byte 1 and the method, if there is one
///     6 idle timeout
///     7 tags: name and value, each with its length before it
///     8 values: key and value, each with its length before it
///     9 marker
/// </code>
/// <para>A length is one byte or, from 255 on, that number and four more. <see cref="SessionRecordLayout"/> has the numbers.</para>
/// <para>
/// A later version may add sections and flags: this one skips them, and <see cref="Update"/> keeps them. What this version could not skip
/// gets a new major version, whose records it cannot read: their sessions count as signed out, and nothing changes such a record but its
/// deletion or its expiry.
/// </para>
/// </remarks>
public static partial class SessionRecord
{
    private const int MaxWithoutTagsAndValues =
        SessionRecordLayout.HeaderLength
        + 8 * (SessionRecordLayout.SectionNumberSize + RecordWriter.MaxLengthSize)
        + RecordSections.MaxUserKey
        + SessionCredentialRecord.MaxSize
        + 2 * ClientRecord.MaxSize
        + RecordSections.MaxAuthentication
        + RecordMilliseconds.Size;

    private const int MaxOnStack = 2 * MaxWithoutTagsAndValues;

    private const SessionRecordFlags KnownFlags =
        SessionRecordFlags.Persistent
        | SessionRecordFlags.UserIsGuid
        | SessionRecordFlags.Bearer
        | SessionRecordFlags.CustomLifetime
        | SessionRecordFlags.Marker;

    /// <summary>The record of a session: all of it, but for its id.</summary>
    public static byte[] Write(Session session) => Write(session, SessionRecordFlags.None, later: []);

    /// <summary>The record of a session that has changed, with what a later version keeps in its record.</summary>
    /// <param name="original">The record as it is stored.</param>
    /// <param name="session">The session as it is now.</param>
    /// <exception cref="FormatException">The original is damaged, or of another major version.</exception>
    public static byte[] Update(ReadOnlySpan<byte> original, Session session)
    {
        var content = SessionRecordContent.Read(original);
        return Write(session, content.Flags & ~KnownFlags, content.Later);
    }

    /// <summary>The record of what a session leaves when it ends.</summary>
    /// <param name="marker">Not <see cref="SessionMarker.None"/>.</param>
    /// <param name="endedAt">When the session ended. The record expires <see cref="SessionMarkerLifetime.Duration"/> later.</param>
    public static byte[] WriteMarker(SessionMarker marker, DateTimeOffset endedAt)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)marker, (int)SessionMarker.None, nameof(marker));
        var until = endedAt + SessionMarkerLifetime.Duration;
        var output = new RecordWriter(stackalloc byte[MaxOnStack]);
        output.Byte(SessionRecordLayout.Version);
        output.Byte((byte)SessionRecordFlags.Marker);
        output.Instant(endedAt);
        output.Instant(until);
        output.Instant(until);
        output.Instant(endedAt);
        var begin = output.BeginSection(SessionRecordSection.Marker);
        output.Byte((byte)marker);
        output.EndSection(begin);
        return output.ToArray();
    }

    /// <summary>Whether a record is that of a marker. False, if it cannot be read.</summary>
    public static bool IsMarker(ReadOnlySpan<byte> record) =>
        record.Length >= SessionRecordLayout.HeaderLength
        && record[SessionRecordLayout.VersionOffset] == SessionRecordLayout.Version
        && (record[SessionRecordLayout.FlagsOffset] & (byte)SessionRecordFlags.Marker) != 0;

    /// <summary>The session of a record; null: it is the record of a marker.</summary>
    /// <exception cref="FormatException">The record is damaged, or of another major version.</exception>
    public static Session? Read(SessionId id, ReadOnlySpan<byte> record) => Read(id, null, record).Session;

    /// <summary>
    /// The session of a record beside which its last use and its expiry are kept, so that to touch it need not change the record.
    /// </summary>
    /// <param name="touch">Which session, when it was used last and until when it lives: instead of what the record says, be it later or
    /// earlier.</param>
    /// <param name="record">The record.</param>
    /// <returns>The session; null: it is the record of a marker.</returns>
    /// <exception cref="FormatException">The record is damaged, or of another major version.</exception>
    public static Session? Read(SessionTouch touch, ReadOnlySpan<byte> record) => Read(touch.Id, touch, record).Session;

    /// <summary>What a record says at an instant: a live session, a marker that is still found, or neither.</summary>
    /// <exception cref="FormatException">The record is damaged, or of another major version.</exception>
    public static SessionLookup ReadLookup(SessionId id, ReadOnlySpan<byte> record, DateTimeOffset now)
    {
        var (session, marker, expiresAt) = Read(id, null, record);
        return now >= expiresAt ? default : new SessionLookup { Session = session, Marker = marker };
    }

    private static (Session? Session, SessionMarker Marker, DateTimeOffset ExpiresAt) Read(
        SessionId id,
        SessionTouch? touch,
        ReadOnlySpan<byte> record
    )
    {
        var content = SessionRecordContent.Read(record);
        try
        {
            return content.Has(SessionRecordFlags.Marker)
                ? (null, (SessionMarker)content.Marker[0], content.ExpiresAt)
                : (ReadSession(id, touch, content), SessionMarker.None, content.ExpiresAt);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // Lengths that lead out of a section, instants out of range, text that no session could hold.
            throw new FormatException("The record is damaged.", e);
        }
    }

    private static DateTimeOffset? GetDefaultAuthenticatedAt(string? userKey, DateTimeOffset createdAt) =>
        userKey is null ? null : createdAt;

    private static Session ReadSession(SessionId id, SessionTouch? touch, SessionRecordContent content)
    {
        var userKey = content.User.IsEmpty ? null : RecordSections.ReadUser(content.User, content.Has(SessionRecordFlags.UserIsGuid));
        var client = content.Client.IsEmpty ? ClientInfo.Unknown : ClientRecord.Read(content.Client);
        var (authenticated, method) = content.Authentication.IsEmpty
            ? (GetDefaultAuthenticatedAt(userKey, content.CreatedAt), null)
            : RecordSections.ReadAuthentication(content.Authentication);
        return new()
        {
            Id = id,
            UserKey = userKey,
            CreatedAt = content.CreatedAt,
            LastSeenAt = touch?.LastSeenAt ?? content.LastSeenAt,
            ExpiresAt = touch?.ExpiresAt ?? content.ExpiresAt,
            EndsAt = content.EndsAt,
            IdleTimeout = content.IdleTimeout.IsEmpty
                ? null
                : TimeSpan.FromMilliseconds(new RecordReader(content.IdleTimeout).Milliseconds()),
            HasCustomLifetime = content.Has(SessionRecordFlags.CustomLifetime),
            IsPersistent = content.Has(SessionRecordFlags.Persistent),
            IsBearer = content.Has(SessionRecordFlags.Bearer),
            AuthenticatedAt = authenticated,
            AuthenticationMethod = method,
            Client = client,
            LastClient = content.LastClient.IsEmpty ? client : ClientRecord.Read(content.LastClient),
            Tags = content.Tags.IsEmpty ? SessionTags.Empty : RecordSections.ReadTags(content.Tags),
            Values = content.Values.IsEmpty ? SessionValues.Empty : RecordSections.ReadValues(content.Values),
            Credential = SessionCredentialRecord.Read(content.Credential),
        };
    }
}
