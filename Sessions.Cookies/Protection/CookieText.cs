using System.Buffers.Text;

namespace Sessions.Cookies.Protection;

/// <summary>Bytes as base64url (RFC 4648 section 5).</summary>
internal static class CookieText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>
    /// Null when the text is not exactly what <see cref="Encode"/> writes. The framework's decoder passes over white space and padding.
    /// </summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return
            Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && text.SequenceEqual(Base64Url.EncodeToString(bytes.AsSpan(0, length)))
            ? bytes[..length]
            : null;
    }
}
