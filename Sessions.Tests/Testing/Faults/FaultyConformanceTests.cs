using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

/// <summary>The conformance suite of a faulty store. Being generic, it is run by <see cref="SuiteRunner"/> only and never by itself.</summary>
internal sealed class FaultyConformanceTests<TStore> : SessionStoreConformanceTests<TStore>
    where TStore : ReferenceStore
{
    protected override ValueTask<TStore> CreateStoreAsync(TimeProvider time) => new(FaultyStore.Create<TStore>(time, new()));

    protected override ValueTask<TStore?> CreateNodeAsync(TStore first, TimeProvider time) =>
        new(FaultyStore.Create<TStore>(time, first.Table));
}
