using System.Text;

namespace Sessions.Stores;

/// <summary>What stands in the sections of a record that are no clients.</summary>
internal static class RecordSections
{
    public const int MaxUserKey = SessionText.MaxUserKeyBytes;
    public const int MaxRotation = 2 * RecordMilliseconds.Size + Sha256Hash.Size;
    public const int MaxAuthentication = RecordMilliseconds.Size + 1 + SessionText.MaxAuthenticationMethodBytes;

    private const int GuidLength = 36;

    /// <returns>Whether it is kept as a GUID.</returns>
    public static bool WriteUser(ref RecordWriter output, string userKey)
    {
        Span<char> text = stackalloc char[GuidLength];
        // Only as this is what would be read again: the same GUID in capitals is another key.
        if (
            userKey.Length != GuidLength
            || !Guid.TryParseExact(userKey, "D", out var guid)
            || !guid.TryFormat(text, out _)
            || !text.SequenceEqual(userKey)
        )
        {
            output.TextSection(userKey);
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        var begin = output.BeginSection();
        output.Bytes(bytes);
        output.EndSection(begin);
        return true;
    }

    public static string ReadUser(ReadOnlySpan<byte> section, bool isGuid) =>
        isGuid ? new Guid(section, bigEndian: true).ToString() : Encoding.UTF8.GetString(section);

    public static void WriteRotation(ref RecordWriter output, DateTimeOffset? rotatedAt, DateTimeOffset? confirmedAt, Sha256Hash? previous)
    {
        output.Instant(rotatedAt);
        output.Instant(confirmedAt);
        if (previous is { } hash)
        {
            output.Hash(hash);
        }
    }

    public static void WriteAuthentication(ref RecordWriter output, DateTimeOffset? at, string? method)
    {
        output.Instant(at);
        if (method is not null)
        {
            // One byte between them tells an empty method from none.
            output.Byte(1);
            output.Text(method);
        }
    }

    public static SessionCredential ReadRotation(ReadOnlySpan<byte> section, Sha256Hash secret, Sha256Hash lineage)
    {
        var input = new RecordReader(section);
        return new()
        {
            Lineage = lineage,
            Secret = secret,
            RotatedAt = input.OptionalInstant(),
            ConfirmedAt = input.OptionalInstant(),
            Previous = input.IsEmpty ? null : input.Hash(),
        };
    }

    public static (DateTimeOffset? At, string? Method) ReadAuthentication(ReadOnlySpan<byte> section)
    {
        var input = new RecordReader(section);
        var at = input.OptionalInstant();
        return (at, input.IsEmpty ? null : Encoding.UTF8.GetString(input.Rest()[1..]));
    }
}
