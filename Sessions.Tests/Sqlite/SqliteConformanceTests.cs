using Sessions.Sqlite;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteConformanceTests : SessionStoreConformanceTests<SqliteSessionStore>
{
    private SqliteTestDatabase _database = null!;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteTestDatabase();
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

public sealed class SqliteRaceTests : SessionStoreRaceTests<SqliteSessionStore>
{
    private SqliteTestDatabase _database = null!;

    protected override int Rounds => 50;

    protected override ValueTask<SqliteSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _database = new SqliteTestDatabase();
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
