using System.Security.Cryptography;
using System.Text;

namespace Sessions;

/// <summary>The shard: 18 bits at the head of an id, derived from the user key, which keep one user's keys on one cluster slot.</summary>
internal static class SessionShard
{
    /// <summary>Overwrites the first 18 bits of an id.</summary>
    public static void Write(Span<byte> id, string userKey, ReadOnlySpan<byte> shardKey)
    {
        Span<byte> digest = stackalloc byte[Sha256Hash.Size];
        Span<byte> utf8 = stackalloc byte[SessionText.MaxUserKeyBytes];
        utf8 = utf8[..Encoding.UTF8.GetBytes(SessionText.CheckUserKey(userKey), utf8)];
        if (shardKey.IsEmpty)
        {
            Sha256Hash.Compute(utf8).CopyTo(digest);
        }
        else
        {
            HMACSHA256.HashData(shardKey, utf8, digest);
        }

        // Two whole bytes and the two high bits of the third, whose other six begin the random part.
        digest[..2].CopyTo(id);
        id[2] = (byte)((digest[2] & 0b1100_0000) | (id[2] & 0b0011_1111));
    }
}
