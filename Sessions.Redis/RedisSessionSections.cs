using System.Text;

namespace Sessions.Redis;

/// <summary>What stands in the sections of a record that are no clients.</summary>
internal static class RedisSessionSections
{
    public const int MaxUserKey = 512;
    public const int MaxRotation = 2 * RedisMilliseconds.Size + Sha256Hash.Size;
    public const int MaxAuthentication = RedisMilliseconds.Size + 1 + MaxMethod;

    private const int MaxMethod = 128;
    private const int GuidText = 36;

    /// <returns>Whether it is kept as a GUID.</returns>
    public static bool WriteUser(ref RedisRecordWriter output, string userKey)
    {
        Span<char> text = stackalloc char[GuidText];
        // Only as this is what would be read again: the same GUID in capitals is another key.
        if (
            userKey.Length != GuidText
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

    public static byte[] Rotation(DateTimeOffset? rotatedAt, DateTimeOffset? confirmedAt, Sha256Hash? previous)
    {
        var output = new RedisRecordWriter(stackalloc byte[MaxRotation]);
        WriteRotation(ref output, rotatedAt, confirmedAt, previous);
        return output.ToArray();
    }

    public static byte[] Authentication(DateTimeOffset? at, string? method)
    {
        var output = new RedisRecordWriter(stackalloc byte[MaxAuthentication]);
        WriteAuthentication(ref output, at, method);
        return output.ToArray();
    }

    public static void WriteRotation(
        ref RedisRecordWriter output,
        DateTimeOffset? rotatedAt,
        DateTimeOffset? confirmedAt,
        Sha256Hash? previous
    )
    {
        output.Instant(rotatedAt);
        output.Instant(confirmedAt);
        if (previous is { } hash)
        {
            output.Hash(hash);
        }
    }

    public static void WriteAuthentication(ref RedisRecordWriter output, DateTimeOffset? at, string? method)
    {
        output.Instant(at);
        if (method is not null)
        {
            // One byte between them tells an empty method from none.
            output.Byte(1);
            output.Text(method);
        }
    }

    public static SessionCredential ReadRotated(ReadOnlySpan<byte> section, Sha256Hash secret, Sha256Hash lineage)
    {
        var input = new RedisRecordReader(section);
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
        var input = new RedisRecordReader(section);
        var at = input.OptionalInstant();
        return (at, input.IsEmpty ? null : Encoding.UTF8.GetString(input.Rest()[1..]));
    }
}
