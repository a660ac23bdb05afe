using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

public sealed class MemoryRaces : SessionStoreRaces<MemorySessionStore>
{
    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) => new(new MemorySessionStore(time: time));
}
