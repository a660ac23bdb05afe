using Sessions.LiteDb;
using Sessions.Tests.Life;

namespace Sessions.Tests.LiteDb;

internal sealed class LiteDbLife : SessionLife<LiteDbSessionStore>
{
    private LiteDbFolder _folder = null!;

    protected override int Rows => 20;

    protected override ValueTask<LiteDbSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _folder = new LiteDbFolder();
        return new(_folder.Open(time));
    }

    protected override ValueTask CleanUpAsync()
    {
        _folder.Delete();
        return ValueTask.CompletedTask;
    }
}
