using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// A Lua script, called by its hash. With a first line `#!lua` it runs on primaries only, and the server looks for reasons to refuse a
/// write (read-only, out of memory) before it begins. On a cluster, keys of a moving slot are in two places; a call that names two keys
/// then fails where one is missing, while a call that names one key would take a moved key for a missing one. So scripts read several keys
/// at once wherever a missing one would mislead them, and read before they write.
/// </summary>
internal sealed class RedisScript(string text)
{
#pragma warning disable CA5350 // The servers name scripts by SHA-1; nothing here depends on its strength.
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments, CommandFlags.DemandMaster).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Not every supported driver detects that a server restarted or flushed its scripts. EVAL runs and remembers in one step, so
            // that no flush can come between.
            object[] all = [text, keys.Length, .. keys.Cast<object>(), .. arguments.Cast<object>()];
            return await database.ExecuteAsync("EVAL", all, CommandFlags.DemandMaster).ConfigureAwait(false);
        }
    }
}
