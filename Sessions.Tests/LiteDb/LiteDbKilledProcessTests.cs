using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Tests.Durability;

namespace Sessions.Tests.LiteDb;

[TestFixture]
public sealed class LiteDbKilledProcessTests : KilledProcessSuite<LiteDbKilledProcessTests.Opening>
{
    private LiteDbFolder _folder = null!;

    protected override string NewConnection()
    {
        _folder = new LiteDbFolder();
        return _folder.File;
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    public sealed class Opening : IDurableStore
    {
        public ISessionStore Open(string connection) => new LiteDbSessionStore(new LiteDbSessionOptions { Path = connection });
    }
}
