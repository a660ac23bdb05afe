using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

/// <summary>The race suite of a faulty store, run by <see cref="SuiteRunner"/> only.</summary>
internal sealed class FaultyRaceTests<TStore> : SessionStoreRaceTests<TStore>
    where TStore : ReferenceStore
{
    protected override ValueTask<TStore> CreateStoreAsync(TimeProvider time) => new(FaultyStore.Create<TStore>(time, new()));

    protected override ValueTask<TStore?> CreateNodeAsync(TStore first, TimeProvider time) =>
        new(FaultyStore.Create<TStore>(time, first.Table));
}
