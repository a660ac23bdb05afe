using Sessions.Redis;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

public sealed class RedisConformanceTests : SessionStoreConformanceTests<RedisSessionStore>
{
    private RedisTestStores _stores = null!;

    // SCAN walks by the hash of a key.
    protected override bool HasOrderedPages => false;

    protected override async ValueTask<RedisSessionStore> CreateStoreAsync(TimeProvider time) => await (_stores = new()).CreateAsync(time);

    protected override async ValueTask<RedisSessionStore?> CreateNodeAsync(RedisSessionStore first, TimeProvider time) =>
        await _stores.CreateAsync(time);

    protected override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}
