using Sessions.LiteDb;
using Sessions.Tests.Life;

namespace Sessions.Tests.LiteDb;

internal sealed class LiteDbLifecycleTests : SessionLifecycleTests<LiteDbSessionStore>
{
    private LiteDbTestFolder _folder = null!;

    protected override int SequenceCount => 20;

    protected override ValueTask<LiteDbSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _folder = new LiteDbTestFolder();
        return new(_folder.Open(time));
    }

    protected override ValueTask CleanUpAsync()
    {
        _folder.Delete();
        return ValueTask.CompletedTask;
    }
}
