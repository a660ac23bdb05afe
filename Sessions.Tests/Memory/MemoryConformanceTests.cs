using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

// snippet
public sealed class MemoryConformanceTests : SessionStoreConformanceTests<MemorySessionStore>
{
    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) => new(new MemorySessionStore(time: time));
}

// end
