using Sessions.Sqlite;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteSessionStoreConformance : SessionStoreConformance<SqliteSessionStore>
{
    private SqliteDatabase _database = null!;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteDatabase();
        return new(_database.Open(time));
    }

    protected override ValueTask<SqliteSessionStore?> CreateNodeAsync(SqliteSessionStore first, TimeProvider time) =>
        new(_database.Open(time));

    protected override ValueTask CleanUpAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteSessionStoreRaces : SessionStoreRaces<SqliteSessionStore>
{
    private SqliteDatabase _database = null!;

    protected override int Rounds => 50;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteDatabase();
        return new(_database.Open(time));
    }

    protected override ValueTask<SqliteSessionStore?> CreateNodeAsync(SqliteSessionStore first, TimeProvider time) =>
        new(_database.Open(time));

    protected override ValueTask CleanUpAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}
