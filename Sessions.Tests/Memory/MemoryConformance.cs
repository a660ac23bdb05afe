using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

// snippet
public sealed class MemoryConformance : SessionStoreConformance<MemorySessionStore>
{
    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) => new(new MemorySessionStore(time: time));
}

// end
