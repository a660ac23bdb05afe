using BenchmarkDotNet.Attributes;
using StackExchange.Redis;

namespace Sessions.Bench.Micro;

/// <summary>The yardstick for what is asked of Redis: one value of the size of a session, with the driver alone.</summary>
public class RedisBenchmarks
{
    private static readonly RedisKey s_key = "yardstick";

    private IDatabase _database = null!;

    [GlobalSetup]
    public Task SetUpAsync()
    {
        _database = MicroFixture.Redis!.Database;
        return _database.StringSetAsync(s_key, new byte[200]);
    }

    [Benchmark(Description = "Redis GET, the driver alone")]
    public Task<RedisValue> Get() => _database.StringGetAsync(s_key);
}
