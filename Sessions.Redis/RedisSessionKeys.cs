using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// The names of keys. What stands in the first braces decides the slot of a cluster: the shard, so that all keys of a user are in one place.
/// </summary>
internal sealed class RedisSessionKeys(string prefix)
{
    public const string DefaultPrefix = "sessions:";

    public const string PrefixRule =
        "The key prefix for Redis holds a brace; choose one without, since braces tell a cluster which keys belong together.";

    public static bool IsPrefix(string prefix) => !prefix.AsSpan().ContainsAny('{', '}');

    public string Prefix => prefix;

    /// <summary>The channel on which all nodes are told of changes.</summary>
    public string Changes { get; } = $"{prefix}changes";

    /// <summary>The channel on which one node hears from itself.</summary>
    public string Beat(string node) => $"{prefix}beat:{node}";

    public RedisKey Session(SessionId id)
    {
        var text = id.ToString();
        return $"{prefix}{{{text.AsSpan(0, SessionId.ShardLength)}}}:s:{text}";
    }

    public RedisKey Index(string shard, string userKey) => $"{IndexPrefix(shard)}{userKey}";

    /// <summary>What stands for a session in the index: its id without the shard, which all of them share.</summary>
    public static string Member(SessionId id) => id.ToString()[SessionId.ShardLength..];

    /// <summary>What makes a key of a member.</summary>
    public string SessionPrefix(string shard) => $"{prefix}{{{shard}}}:s:{shard}";

    public string IndexPrefix(string shard) => $"{prefix}{{{shard}}}:u:";
}
