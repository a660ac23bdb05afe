using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

/// <summary>The conformance suite with less patience than it has by itself.</summary>
[CancelAfter(50)]
internal sealed class ShortTimeoutConformanceTests<TStore> : SessionStoreConformanceTests<TStore>
    where TStore : ReferenceStore
{
    protected override ValueTask<TStore> CreateStoreAsync(TimeProvider time) => new(FaultyStore.Create<TStore>(time, new()));
}
