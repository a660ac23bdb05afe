using Sessions.Redis;
using Sessions.Stores;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>Stores on a shared server, each with a prefix and a connection of its own.</summary>
/// <param name="shared">Where they are; null: <see cref="TestServers.Redis"/>.</param>
/// <param name="protocol"><c>resp2</c> or <c>resp3</c>; null: the driver chooses.</param>
internal sealed class RedisTestStores(SharedServer? shared = null, string? protocol = null)
{
    private readonly SharedServer _shared = shared ?? TestServers.Redis;
    private readonly string _prefix = RedisTestPrefix.Next();
    private RedisTestUser? _user;

    static RedisTestStores() => TestServers.RecordUse($"StackExchange.Redis {RedisDriver.Version}");

    /// <summary>The user of these stores on the shared server.</summary>
    public async Task<RedisTestUser> GetUserAsync() =>
        _user ??= await RedisTestUser.CreateAsync((await _shared.GetAsync()).ConnectionString, _prefix.TrimEnd(':'));

    public RedisSessionStore Create(string connectionString, TimeProvider time, CorruptRecordReporter? unreadable = null) =>
        new(new() { Configuration = AddProtocol(connectionString), KeyPrefix = _prefix }, time, unreadable);

    /// <summary>A connection string with the protocol of these stores.</summary>
    public string AddProtocol(string connectionString) => protocol is null ? connectionString : $"{connectionString},protocol={protocol}";

    /// <summary>Makes the record of a session unreadable.</summary>
    /// <returns>Whether there is such a record.</returns>
    public async Task<bool> DamageAsync(SessionId id, string damage)
    {
        var user = await GetUserAsync();
        return (string?)await user.CallAsync("SET", $"{_prefix}{{{id.Shard}}}:s:{id}", damage, "XX", "KEEPTTL") == "OK";
    }

    /// <summary>Deletes what the stores wrote.</summary>
    public async Task CleanUpAsync()
    {
        const string script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('UNLINK', key) end";
        await using var user = await GetUserAsync();
        await user.CallAsync("EVAL", script, 0, _prefix + "*");
    }
}

/// <summary>Prefixes that keep tests on a shared server apart, also tests of several runs at once.</summary>
internal static class RedisTestPrefix
{
    private static int _count;

    public static string Next() => $"test:{Environment.ProcessId}:{Interlocked.Increment(ref _count)}:";
}
