using Sessions.Redis;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

public sealed class RedisRaceTests : SessionStoreRaceTests<RedisSessionStore>
{
    private RedisTestStores _stores = null!;

    protected override async ValueTask<RedisSessionStore> CreateStoreAsync(TimeProvider time) => await (_stores = new()).CreateAsync(time);

    protected override async ValueTask<RedisSessionStore?> CreateNodeAsync(RedisSessionStore first, TimeProvider time) =>
        await _stores.CreateAsync(time);

    protected override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}
