using Sessions.Sqlite;
using Sessions.Tests.Life;

namespace Sessions.Tests.Sqlite;

internal sealed class SqliteLifecycleTests : SessionLifecycleTests<SqliteSessionStore>
{
    private SqliteTestDatabase _database = null!;

    protected override int SequenceCount => 20;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteTestDatabase();
        return new(_database.Open(time));
    }

    protected override ValueTask CleanUpAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}
