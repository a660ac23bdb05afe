using Sessions.Testing;

namespace Sessions.Tests.Testing;

internal sealed class ReferenceRaceTests : SessionStoreRaceTests<ReferenceStore>
{
    protected override ValueTask<ReferenceStore> CreateStoreAsync(TimeProvider time) => new(new ReferenceStore(time, new()));

    protected override ValueTask<ReferenceStore?> CreateNodeAsync(ReferenceStore first, TimeProvider time) =>
        new(new ReferenceStore(time, first.Table));
}
