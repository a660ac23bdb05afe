using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sessions.Redis;

internal static class RedisShard
{
    /// <summary>The shard of a user's ids: 18 bits of SHA-256 of the user key.</summary>
    public static string Of(string userKey) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userKey)).AsSpan(0, 3))[..SessionId.ShardLength];
}
