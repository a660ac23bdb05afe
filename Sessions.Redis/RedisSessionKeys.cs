using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// The names of keys. What stands in the first braces decides the slot of a cluster: the shard, so that all keys of a user are in one
/// place.
/// </summary>
internal sealed partial class RedisSessionKeys(string prefix)
{
    /// <summary>How long what stands for a session in the index is.</summary>
    public const int MemberLength = SessionId.Length - SessionId.ShardLength;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);

    public string Prefix => prefix;

    /// <summary>The channel on which changes are published to all nodes.</summary>
    public string ChangeChannel { get; } = $"{prefix}changes";

    /// <summary>The channel on which one node proves its connection to itself.</summary>
    public string HeartbeatChannel(string node) => $"{prefix}beat:{node}";

    /// <summary>In bytes, as it is sent: this is made for every request.</summary>
    public RedisKey Session(SessionId id)
    {
        var text = id.ToString();
        var key = new byte[_prefix.Length + "{}:s:".Length + SessionId.ShardLength + SessionId.Length];
        _prefix.CopyTo(key, 0);
        var rest = key.AsSpan(_prefix.Length);
        rest[0] = (byte)'{';
        Encoding.ASCII.GetBytes(text.AsSpan(0, SessionId.ShardLength), rest[1..]);
        "}:s:"u8.CopyTo(rest[(1 + SessionId.ShardLength)..]);
        Encoding.ASCII.GetBytes(text, key.AsSpan(key.Length - SessionId.Length));
        return key;
    }

    public RedisKey Index(string shard, string userKey) => $"{IndexPrefix(shard)}{userKey}";

    /// <summary>The sessions of a user that a deletion in several steps is ending.</summary>
    public RedisKey Ending(string shard, string userKey) => $"{prefix}{{{shard}}}:e:{userKey}";

    /// <summary>The index of a tag, in a slot that the tag decides.</summary>
    public RedisKey TagIndex(SessionTag tag)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{tag.Name}\0{tag.Value}")), 0, 8);
        return $"{prefix}{{t:{hash}}}:t:{tag.Name}:{tag.Value}";
    }

    /// <summary>What stands for a session in the index: its id without the shard, which all of them share.</summary>
    public static string Member(SessionId id) => id.ToString()[SessionId.ShardLength..];

    /// <summary>The session that a member stands for.</summary>
    public static SessionId ParseMember(string shard, ReadOnlySpan<byte> member)
    {
        Span<char> text = stackalloc char[SessionId.Length];
        shard.CopyTo(text);
        Encoding.ASCII.GetChars(member, text[SessionId.ShardLength..]);
        return SessionId.Parse(text);
    }

    /// <summary>What makes a key of a member.</summary>
    public string SessionPrefix(string shard) => $"{prefix}{{{shard}}}:s:{shard}";

    public string IndexPrefix(string shard) => $"{prefix}{{{shard}}}:u:";

    /// <summary>What all keys of sessions match, in the server's language of patterns.</summary>
    public string SessionPattern =>
        $"{PatternCharacters.Replace(prefix, @"\$&")}{{{new string('?', SessionId.ShardLength)}}}:s:{new string('?', SessionId.Length)}";

    /// <summary>A key that no session has, to reach the node whose slot it is.</summary>
    public RedisKey Probe(int number) => $"{prefix}{{{number}}}";

    /// <summary>The session whose key this is; null: it is not one of ours, though it looks like it.</summary>
    public SessionId? ParseSessionKey(byte[] key)
    {
        var text = Encoding.ASCII.GetString(key.AsSpan(Math.Max(0, key.Length - SessionId.Length)));
        return SessionId.TryParse(text, out var id) && key.AsSpan().SequenceEqual((byte[])Session(id)!) ? id : null;
    }

    [GeneratedRegex(@"[\\*?\[\]^-]")]
    private static partial Regex PatternCharacters { get; }
}
