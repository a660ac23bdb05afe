using System.Buffers.Binary;
using System.Text;

namespace Sessions.Cookies.Protection;

/// <summary>What a cookie is bound to beside its key: a good cookie under another name, or of other sessions, is not good.</summary>
internal sealed class CookiePurpose
{
    /// <param name="name">The name of the cookie sessions: the purpose.</param>
    /// <param name="cookieName">The name of the cookie.</param>
    public CookiePurpose(string name, string cookieName)
    {
        // With their lengths, or "ab" and "c" would be bound like "a" and "bc".
        Bytes = [.. EncodePart(name), .. EncodePart(cookieName)];
    }

    public byte[] Bytes { get; }

    private static byte[] EncodePart(string text)
    {
        var part = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32BigEndian(part, part.Length - sizeof(int));
        Encoding.UTF8.GetBytes(text, part.AsSpan(sizeof(int)));
        return part;
    }
}
