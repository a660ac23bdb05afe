namespace Sessions.Stores;

/// <summary>
/// For authors of stores: where the parts of a <see cref="SessionRecord"/> are, for a backend that reads or changes them in place. Offsets
/// are in bytes and count from 0. Nothing else knows these numbers.
/// </summary>
public static class SessionRecordLayout
{
    /// <summary>The major version that is written, and the only one that is read.</summary>
    public const byte Version = 1;

    /// <summary>Where the version is: one byte.</summary>
    public const int VersionOffset = 0;

    /// <summary>Where the <see cref="SessionRecordFlags"/> are: one byte.</summary>
    public const int FlagsOffset = VersionOffset + 1;

    /// <summary>Where the last use is.</summary>
    public const int LastSeenAtOffset = FlagsOffset + 1;

    /// <summary>Where the expiry is, behind the last use.</summary>
    public const int ExpiresAtOffset = LastSeenAtOffset + InstantSize;

    /// <summary>Where the absolute end is.</summary>
    public const int EndsAtOffset = ExpiresAtOffset + InstantSize;

    /// <summary>Where the creation is.</summary>
    public const int CreatedAtOffset = EndsAtOffset + InstantSize;

    /// <summary>How long the part is that every record has, and where the first section begins.</summary>
    public const int HeaderLength = CreatedAtOffset + InstantSize;

    /// <summary>How many bytes an instant has: milliseconds since the Unix epoch, signed, big-endian.</summary>
    public const int InstantSize = 7;

    /// <summary>The number of a section is one byte before its length.</summary>
    public const int SectionNumberSize = 1;

    /// <summary>
    /// The length of a section is one byte before it; from this on, that byte is this number, and the length is in the bytes that follow.
    /// </summary>
    public const int LongLengthMark = byte.MaxValue;

    /// <summary>How many bytes follow it, big-endian.</summary>
    public const int LongLengthSize = sizeof(int);

    /// <summary>The longest section of a user key, with the number and the length before it.</summary>
    public const int MaxUserSectionLength = SectionNumberSize + 1 + LongLengthSize + SessionText.MaxUserKeyBytes;
}

/// <summary>
/// For authors of stores: what the header of a record says of the session. Bits that are not listed here belong to later versions; they are
/// ignored, and survive a patch.
/// </summary>
[Flags]
public enum SessionRecordFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The cookie outlives the browser session.</summary>
    Persistent = 1,

    /// <summary>The user key is a GUID, and stands there as its 16 bytes.</summary>
    UserIsGuid = 2,

    /// <summary>A bearer session.</summary>
    Bearer = 4,

    /// <summary>The call that began the session set the lifetime.</summary>
    CustomLifetime = 8,

    /// <summary>No session: what one left. It expires when the marker does, and has the section of a marker.</summary>
    Marker = 16,
}

/// <summary>
/// For authors of stores: the numbers of the sections. They stand in a record in ascending order, each once and only when it is needed.
/// Other numbers, which are greater, belong to later versions; they are skipped, and survive a patch.
/// </summary>
public enum SessionRecordSection
{
    /// <summary>The user key. Without: a visitor's session.</summary>
    User = 1,

    /// <summary>The credential, as <see cref="SessionCredentialRecord"/> writes it. Every session has one.</summary>
    Credential = 2,

    /// <summary>The client. Without: nothing is known of it.</summary>
    Client = 3,

    /// <summary>The last client. Without: the same.</summary>
    LastClient = 4,

    /// <summary>The authentication. Without: of a user when the session was created, of a visitor never.</summary>
    Authentication = 5,

    /// <summary>The idle timeout. Without: none.</summary>
    IdleTimeout = 6,

    /// <summary>The tags. Without: none.</summary>
    Tags = 7,

    /// <summary>The values. Without: none.</summary>
    Values = 8,

    /// <summary>What a session left: one byte, the <see cref="SessionMarker"/>.</summary>
    Marker = 9,
}
