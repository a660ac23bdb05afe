using Sessions.Memory;
using Sessions.Tests.Life;

namespace Sessions.Tests.Caching;

/// <summary>With a cache everything is as without.</summary>
internal sealed class CachedMemoryLifecycleTests : SessionLifecycleTests<MemorySessionStore>
{
    protected override int SequenceCount => 300;

    protected override SessionCacheOptions? Cache => new();

    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) =>
        ValueTask.FromResult(new MemorySessionStore(time: time));
}
