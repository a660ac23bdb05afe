using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

public sealed class RedisClusterRaceTests : SessionStoreRaceTests<RedisSessionStore>
{
    private RedisTestStores _stores = null!;

    protected override async ValueTask<RedisSessionStore> CreateStoreAsync(TimeProvider time) =>
        (_stores = new()).Create((await TestServers.RedisClusterAsync()).Configuration, time);

    protected override async ValueTask<RedisSessionStore?> CreateNodeAsync(RedisSessionStore first, TimeProvider time) =>
        _stores.Create((await TestServers.RedisClusterAsync()).Configuration, time);
}
