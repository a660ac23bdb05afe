using Sessions.Memory;
using Sessions.Tests.Life;

namespace Sessions.Tests.Memory;

internal sealed class MemoryLifecycleTests : SessionLifecycleTests<MemorySessionStore>
{
    protected override int SequenceCount => 500;

    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) =>
        ValueTask.FromResult(new MemorySessionStore(time: time));
}
