using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

public sealed class MemoryRaceTests : SessionStoreRaceTests<MemorySessionStore>
{
    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) => new(new MemorySessionStore(time: time));
}
