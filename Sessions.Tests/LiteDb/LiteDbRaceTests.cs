using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

[TestFixture]
public sealed class LiteDbRaceTests : SessionStoreRaceTests<LiteDbSessionStore>
{
    private LiteDbTestFolder _folder = null!;

    protected override int Rounds => 50;

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
