using Sessions.Memory;
using Sessions.Tests.Life;

namespace Sessions.Tests.Memory;

internal sealed class MemoryLife : SessionLife<MemorySessionStore>
{
    protected override int Rows => 500;

    protected override ValueTask<MemorySessionStore> CreateStoreAsync(TimeProvider time) =>
        ValueTask.FromResult(new MemorySessionStore(time: time));
}
