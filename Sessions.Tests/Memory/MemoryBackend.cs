using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Memory;

public sealed class MemoryBackend : SessionStoreBackend
{
    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(new MemorySessionStore(time: time));
}

public sealed class MemoryConformanceTests : SessionStoreConformanceTests<MemoryBackend>;

public sealed class MemoryRaceTests : SessionStoreRaceTests<MemoryBackend>;

internal sealed class MemoryLifecycleTests : SessionLifecycleTests<MemoryBackend>
{
    protected override int SequenceCount => 500;
}

/// <summary>With a cache everything is as without.</summary>
internal sealed class CachedMemoryLifecycleTests : SessionLifecycleTests<MemoryBackend>
{
    protected override int SequenceCount => 300;

    protected override SessionCacheOptions? Cache => new();
}
