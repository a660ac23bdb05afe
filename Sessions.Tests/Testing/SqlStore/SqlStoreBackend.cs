using Microsoft.Data.Sqlite;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.SqlStore;

/// <summary>A file of its own for each test.</summary>
internal sealed class SqlStoreBackend : SessionStoreBackend
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-sql-");

    public override int RaceRounds => 20;

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "sessions.db")}";

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(Create(time));

    public override ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => new(Create(time));

    /// <summary>Puts a table in the place of the real one that has none of its columns.</summary>
    public override ValueTask<IAsyncDisposable?> BreakAsync()
    {
        var hasTable = Execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sessions'") > 0;
        Execute($"{(hasTable ? "ALTER TABLE sessions RENAME TO away;" : "")} CREATE TABLE sessions (unfit INTEGER)");
        return new(new Repair(() => Execute($"DROP TABLE sessions; {(hasTable ? "ALTER TABLE away RENAME TO sessions" : "")}")));
    }

    public override ValueTask<bool> DamageAsync(SessionId id) =>
        new(Execute($"UPDATE sessions SET record = x'63' WHERE id = '{id}' RETURNING 1") == 1);

    public override ValueTask CleanUpAsync()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private SqlSessionStore Create(TimeProvider time) => new(ConnectionString, time, TimeSpan.FromMilliseconds(20), Reporter);

    private long? Execute(string sql)
    {
        using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long?)command.ExecuteScalar();
    }
}

internal sealed class SqlStoreConformanceTests : SessionStoreConformanceTests<SqlStoreBackend>;

internal sealed class SqlStoreRaceTests : SessionStoreRaceTests<SqlStoreBackend>;
