using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

// Being generic, these are no fixtures: SuiteRunner alone runs them.

internal sealed class FaultyConformanceTests<TStore> : SessionStoreConformanceTests<ReferenceBackend<TStore>>
    where TStore : ReferenceStore;

internal sealed class FaultyRaceTests<TStore> : SessionStoreRaceTests<ReferenceBackend<TStore>>
    where TStore : ReferenceStore;

/// <summary>The conformance suite with a shorter timeout than its own.</summary>
[CancelAfter(50)]
internal sealed class ShortTimeoutConformanceTests<TStore> : SessionStoreConformanceTests<ReferenceBackend<TStore>>
    where TStore : ReferenceStore;

/// <summary>The conformance suite of any backend, for one that cannot make its store.</summary>
internal sealed class AnyConformanceTests<TBackend> : SessionStoreConformanceTests<TBackend>
    where TBackend : SessionStoreBackend, new();

/// <summary>A store that cannot be made, so that there is nothing to clean up either.</summary>
internal sealed class MissingServerBackend : SessionStoreBackend
{
    private readonly IDisposable _file = null!;

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) =>
        throw new InvalidOperationException("There is no server.");

    public override ValueTask CleanUpAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
