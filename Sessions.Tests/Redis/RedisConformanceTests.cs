using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

public class RedisConformanceTests : SessionStoreConformanceTests<RedisSessionStore>
{
    private RedisTestStores _stores = null!;

    private protected virtual SharedServer Server => TestServers.Redis;

    // SCAN walks by the hash of a key.
    protected override bool HasOrderedPages => false;

    protected override async ValueTask<RedisSessionStore> CreateStoreAsync(TimeProvider time) =>
        await (_stores = new(Server)).CreateAsync(time);

    protected override async ValueTask<RedisSessionStore?> CreateNodeAsync(RedisSessionStore first, TimeProvider time) =>
        await _stores.CreateAsync(time);

    protected override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}
