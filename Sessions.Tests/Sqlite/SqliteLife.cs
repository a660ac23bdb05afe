using Sessions.Sqlite;
using Sessions.Tests.Life;

namespace Sessions.Tests.Sqlite;

internal sealed class SqliteLife : SessionLife<SqliteSessionStore>
{
    private SqliteDatabase _database = null!;

    protected override int Rows => 20;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteDatabase();
        return new(_database.Open(time));
    }

    protected override ValueTask CleanUpAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}
