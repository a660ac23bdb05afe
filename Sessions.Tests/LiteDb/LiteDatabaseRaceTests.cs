using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

/// <summary>The races again, in a database of the application, where several stores may share a collection.</summary>
[TestFixture]
public sealed class LiteDatabaseRaceTests : SessionStoreRaceTests<LiteDbSessionStore>
{
    private LiteDatabase _database = null!;

    protected override ValueTask<LiteDbSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new LiteDatabase(new MemoryStream());
        return new(new LiteDbSessionStore(_database, time: time));
    }

    protected override ValueTask<LiteDbSessionStore?> CreateNodeAsync(LiteDbSessionStore first, TimeProvider time) =>
        new(new LiteDbSessionStore(_database, time: time));

    [TearDown]
    public void CloseDatabase() => _database.Dispose();
}
