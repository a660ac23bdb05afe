using Sessions.Testing;

namespace Sessions.Tests.Testing;

/// <summary>The suites pass a store without a fault; <see cref="SuiteFaultDetectionTests"/> shows that they pass no other.</summary>
internal sealed class ReferenceConformanceTests : SessionStoreConformanceTests<ReferenceStore>
{
    protected override ValueTask<ReferenceStore> CreateStoreAsync(TimeProvider time) => new(new ReferenceStore(time, new()));

    protected override ValueTask<ReferenceStore?> CreateNodeAsync(ReferenceStore first, TimeProvider time) =>
        new(new ReferenceStore(time, first.Table));
}
