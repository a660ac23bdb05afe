using System.Security.Cryptography;
using System.Text;

namespace Sessions;

/// <summary>Makes ids whose head is the user's shard.</summary>
internal static class SessionShard
{
    /// <summary>A fresh id: 18 bits of shard, 126 random bits.</summary>
    /// <param name="userKey">The owner; null gives a random shard.</param>
    /// <param name="shardKey">Hides which ids belong together from whoever can guess user keys: HMAC-SHA-256 instead of SHA-256.</param>
    public static SessionId NewId(string? userKey, ReadOnlySpan<byte> shardKey)
    {
        Span<byte> bytes = stackalloc byte[SessionId.Bytes];
        Randomness.Fill(bytes);
        if (userKey is not null)
        {
            Span<byte> digest = stackalloc byte[Sha256Hash.Size];
            Span<byte> utf8 = stackalloc byte[SessionText.MaxUserKeyBytes];
            utf8 = utf8[..Encoding.UTF8.GetBytes(userKey, utf8)];
            if (shardKey.IsEmpty)
            {
                SHA256.HashData(utf8, digest);
            }
            else
            {
                HMACSHA256.HashData(shardKey, utf8, digest);
            }

            // 18 bits: two whole bytes and the two high bits of the third, whose other six begin the random part.
            digest[..2].CopyTo(bytes);
            bytes[2] = (byte)((digest[2] & 0b1100_0000) | (bytes[2] & 0b0011_1111));
        }

        return new SessionId(bytes);
    }
}
