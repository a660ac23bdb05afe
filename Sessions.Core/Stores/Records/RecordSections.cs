using System.Text;

namespace Sessions.Stores;

/// <summary>What stands in the sections of a record that are no clients.</summary>
internal static class RecordSections
{
    public const int MaxUserKey = SessionText.MaxUserKeyBytes;
    public const int MaxAuthentication = RecordMilliseconds.Size + 1 + SessionText.MaxAuthenticationMethodBytes;

    private const int GuidLength = 36;

    /// <returns>Whether it is kept as a GUID.</returns>
    public static bool WriteUser(ref RecordWriter output, string userKey)
    {
        Span<char> text = stackalloc char[GuidLength];
        // Only this form comes back as the same text: the same GUID in capitals is another key.
        if (
            userKey.Length != GuidLength
            || !Guid.TryParseExact(userKey, "D", out var guid)
            || !guid.TryFormat(text, out _)
            || !text.SequenceEqual(userKey)
        )
        {
            output.Text(userKey);
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        output.Bytes(bytes);
        return true;
    }

    public static string ReadUser(ReadOnlySpan<byte> section, bool isGuid) =>
        isGuid ? new Guid(section, bigEndian: true).ToString() : Encoding.UTF8.GetString(section);

    public static void WriteAuthentication(ref RecordWriter output, DateTimeOffset? at, string? method)
    {
        output.Instant(at);
        if (method is not null)
        {
            // One byte between them distinguishes an empty method from none.
            output.Byte(1);
            output.Text(method);
        }
    }

    public static void WriteTags(ref RecordWriter output, SessionTags tags)
    {
        foreach (var tag in tags)
        {
            output.TextSection(tag.Name);
            output.TextSection(tag.Value);
        }
    }

    public static SessionTags ReadTags(ReadOnlySpan<byte> section)
    {
        var input = new RecordReader(section);
        var tags = new List<SessionTag>();
        while (!input.IsEmpty)
        {
            tags.Add(new SessionTag { Name = input.TextSection(), Value = input.TextSection() });
        }

        return SessionTags.Create(tags);
    }

    /// <summary>The most room that tags take.</summary>
    public static int GetMaxTags(SessionTags tags) =>
        tags.Sum(static tag => 2 * RecordWriter.MaxLengthSize + tag.Name.Length + Encoding.UTF8.GetByteCount(tag.Value));

    public static void WriteValues(ref RecordWriter output, SessionValues values)
    {
        foreach (var (key, value) in values)
        {
            output.TextSection(key);
            output.TextSection(value);
        }
    }

    public static SessionValues ReadValues(ReadOnlySpan<byte> section)
    {
        var input = new RecordReader(section);
        var values = new List<KeyValuePair<string, string>>();
        while (!input.IsEmpty)
        {
            values.Add(KeyValuePair.Create(input.TextSection(), input.TextSection()));
        }

        return SessionValues.From(values);
    }

    public static (DateTimeOffset? At, string? Method) ReadAuthentication(ReadOnlySpan<byte> section)
    {
        var input = new RecordReader(section);
        var at = input.OptionalInstant();
        return (at, input.IsEmpty ? null : Encoding.UTF8.GetString(input.Rest()[1..]));
    }
}
