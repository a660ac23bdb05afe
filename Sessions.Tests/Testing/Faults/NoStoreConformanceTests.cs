using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

/// <summary>A store that cannot be made, so that there is nothing to clean up either.</summary>
internal sealed class NoStoreConformanceTests<TStore> : SessionStoreConformanceTests<TStore>
    where TStore : ReferenceStore
{
    private IDisposable _file = null!;

    protected override ValueTask<TStore> CreateStoreAsync(TimeProvider time) => throw new InvalidOperationException("There is no server.");

    protected override ValueTask CleanUpAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
