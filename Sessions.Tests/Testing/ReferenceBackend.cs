using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

/// <summary>The reference store, or one with a planted fault; the nodes of a test share a table.</summary>
internal sealed class ReferenceBackend<TStore> : SessionStoreBackend
    where TStore : ReferenceStore
{
    private readonly ReferenceTable _table = new();

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(Create(time));

    public override ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => new(Create(time));

    public override ValueTask<IAsyncDisposable?> BreakAsync()
    {
        _table.Failure = new IOException("The disk is on fire.");
        return new(new Repair(() => _table.Failure = null));
    }

    public override ValueTask<bool> DamageAsync(SessionId id) => new(_table.Damaged.Add(id));

    private TStore Create(TimeProvider time)
    {
        _table.Reporter = Reporter;
        return (TStore)Activator.CreateInstance(typeof(TStore), time, _table)!;
    }
}

/// <summary>The suites pass a store without a fault; <see cref="SuiteFaultDetectionTests"/> shows that they pass no other.</summary>
internal sealed class ReferenceConformanceTests : SessionStoreConformanceTests<ReferenceBackend<ReferenceStore>>;

internal sealed class ReferenceRaceTests : SessionStoreRaceTests<ReferenceBackend<ReferenceStore>>;
