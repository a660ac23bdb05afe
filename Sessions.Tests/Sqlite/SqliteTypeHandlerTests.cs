using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Sqlite;

internal sealed class SqliteTypeHandlerTests : TypeHandlerTests
{
    private SqliteTestDatabase _database = null!;

    protected override Task<ISessionStore> CreateStoreAsync(CorruptRecordReporter reporter)
    {
        _database = new SqliteTestDatabase();
        var options = new SqliteSessionOptions { ConnectionString = _database.ConnectionString };
        return Task.FromResult(new TypeHandlerLoadContext<SqliteSessionStore>().CreateStore(options, reporter));
    }

    protected override Task RemoveAsync()
    {
        _database.Remove();
        return Task.CompletedTask;
    }
}
