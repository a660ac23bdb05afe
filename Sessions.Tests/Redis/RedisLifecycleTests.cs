using Sessions.Redis;
using Sessions.Tests.Life;

namespace Sessions.Tests.Redis;

internal sealed class RedisLifecycleTests : SessionLifecycleTests<RedisSessionStore>
{
    private RedisTestStores _stores = null!;

    protected override int SequenceCount => 20;

    protected override async ValueTask<RedisSessionStore> CreateStoreAsync(TimeProvider time) => await (_stores = new()).CreateAsync(time);

    protected override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}
