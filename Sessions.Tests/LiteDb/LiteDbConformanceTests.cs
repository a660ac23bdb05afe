using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

[TestFixture]
public sealed class LiteDbConformanceTests : SessionStoreConformance<LiteDbSessionStore>
{
    private LiteDbFolder _folder = null!;

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
