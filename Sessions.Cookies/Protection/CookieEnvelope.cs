using System.Buffers.Binary;

namespace Sessions.Cookies.Protection;

/// <summary>
/// What a cookie says once it is open. Both instants are the server's own, so that no browser decides how long a session lasts.
/// </summary>
/// <param name="CreatedAt">When the session began.</param>
/// <param name="IssuedAt">When this cookie was made.</param>
/// <param name="Json">The application's data.</param>
internal sealed record CookieEnvelope(DateTimeOffset CreatedAt, DateTimeOffset IssuedAt, byte[] Json)
{
    public const int TimesLength = 2 * sizeof(long);

    public void WriteTimes(Span<byte> times)
    {
        BinaryPrimitives.WriteInt64BigEndian(times, CreatedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(times[sizeof(long)..], IssuedAt.ToUnixTimeMilliseconds());
    }

    /// <summary>Of authentic bytes only: these were written here.</summary>
    public static CookieEnvelope Read(ReadOnlySpan<byte> times, ReadOnlySpan<byte> json) =>
        new(ReadTime(times), ReadTime(times[sizeof(long)..]), json.ToArray());

    /// <summary>Times and data in one.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[TimesLength + Json.Length];
        WriteTimes(bytes);
        Json.CopyTo(bytes, TimesLength);
        return bytes;
    }

    public static CookieEnvelope? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length < TimesLength ? null : Read(bytes, bytes[TimesLength..]);

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(time));
}
