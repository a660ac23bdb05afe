namespace Sessions.Stores;

/// <summary>
/// For authors of stores: where the parts of a <see cref="SessionRecord"/> are, for a backend that reads or changes them in place. Offsets are in bytes and count from 0. Nothing else
/// knows these numbers.
/// </summary>
public static class SessionRecordLayout
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte Version = 2;

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

    /// <summary>Where the hash of the secret is.</summary>
    public const int SecretOffset = CreatedAtOffset + InstantSize;

    /// <summary>Where the hash of the lineage is.</summary>
    public const int LineageOffset = SecretOffset + HashSize;

    /// <summary>How long the part is that every record has, and where the first section begins.</summary>
    public const int HeaderLength = LineageOffset + HashSize;

    /// <summary>How many bytes an instant has: milliseconds since the Unix epoch, signed, big-endian.</summary>
    public const int InstantSize = 7;

    /// <summary>How many bytes a hash has.</summary>
    public const int HashSize = Sha256Hash.Size;

    /// <summary>What stands for an absent instant: further back than time goes.</summary>
    public const long NoInstant = -1L << (InstantSize * 8 - 1);

    /// <summary>The length of a section is one byte before it; from this on, that byte is this number, and the length is in the bytes that follow.</summary>
    public const int LongLengthMark = byte.MaxValue;

    /// <summary>How many bytes follow it, big-endian.</summary>
    public const int LongLengthSize = sizeof(int);

    /// <summary>The longest section of a user key, with the length before it.</summary>
    public const int MaxUserSectionLength = 1 + LongLengthSize + SessionText.MaxUserKeyBytes;

    /// <summary>Where in the section of a rotation its confirmation is; the rotation itself is before it.</summary>
    public const int RotationConfirmedAtOffset = InstantSize;

    /// <summary>Where in the section of a rotation the hash of the previous secret is, if there is one.</summary>
    public const int RotationPreviousOffset = 2 * InstantSize;
}

/// <summary>For authors of stores: what a record has. The sections from <see cref="User"/> on stand in the record in this order.</summary>
[Flags]
public enum SessionRecordFlags
{
    /// <summary>Only what every record has.</summary>
    None = 0,

    /// <summary>No section: the cookie outlives the browser session.</summary>
    Persistent = 1,

    /// <summary>No section: the user key is a GUID, and stands there as its 16 bytes.</summary>
    UserIsGuid = 2,

    /// <summary>The user key. Without: a visitor's session.</summary>
    User = 4,

    /// <summary>The client. Without: nothing is known of it.</summary>
    Client = 8,

    /// <summary>The last client. Without: the same.</summary>
    LastClient = 16,

    /// <summary>The rotation. Without: there was none.</summary>
    Rotation = 32,

    /// <summary>The authentication. Without: of a user when the session was created, of a visitor never.</summary>
    Authentication = 64,

    /// <summary>The idle timeout. Without: none.</summary>
    IdleTimeout = 128,
}
