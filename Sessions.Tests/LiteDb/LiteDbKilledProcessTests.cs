using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Tests.Durability;

namespace Sessions.Tests.LiteDb;

[TestFixture]
public sealed class LiteDbKilledProcessTests : KilledProcessTests<LiteDbKilledProcessTests.LiteDbStoreOpener>
{
    private LiteDbTestFolder _folder = null!;

    protected override string NewConnection()
    {
        _folder = new LiteDbTestFolder();
        return _folder.File;
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    public sealed class LiteDbStoreOpener : IStoreOpener
    {
        public ISessionStore Open(string connection) => new LiteDbSessionStore(new LiteDbSessionOptions { Path = connection });
    }
}
