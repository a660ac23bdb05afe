using Dapper;
using Microsoft.Data.Sqlite;
using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Sqlite;

/// <summary>A file in a folder of its own.</summary>
internal sealed class SqliteTestDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-sqlite-");

    public string Folder => _folder.FullName;

    public string File => Path.Combine(Folder, "sessions.db");

    public string ConnectionString => $"Data Source={File}";

    public SqliteSessionStore Open(
        TimeProvider? time = null,
        Action<SqliteSessionOptions>? configure = null,
        CorruptRecordReporter? unreadable = null
    )
    {
        var options = new SqliteSessionOptions { ConnectionString = ConnectionString };
        configure?.Invoke(options);
        return new SqliteSessionStore(options, time, unreadable);
    }

    /// <summary>Somebody else's connection to the file.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }

    public T? Query<T>(string sql)
    {
        using var connection = Connect();
        return connection.ExecuteScalar<T>(sql);
    }

    /// <summary>Makes the record of a session unreadable.</summary>
    /// <returns>Whether there is such a record.</returns>
    public bool Damage(SessionId id, string damage = "record = x'63'")
    {
        using var connection = Connect();
        return connection.Execute($"UPDATE sessions SET {damage} WHERE id = '{id}'") == 1;
    }

    /// <summary>
    /// Renames the tables away, and the version of the schema with them, which the store would otherwise make anew: every call fails, until
    /// the result is disposed.
    /// </summary>
    public IAsyncDisposable Break()
    {
        using var connection = Connect();
        var tables = connection.Query<string>("SELECT name FROM sqlite_schema WHERE name IN ('sessions', 'session_schema')").AsList();
        var away = tables.Select(static table => $"ALTER TABLE {table} RENAME TO {table}_away");
        var back = tables.Select(static table => $"ALTER TABLE {table}_away RENAME TO {table}");
        connection.Execute(Transaction([.. away, "CREATE TABLE session_schema (unfit INTEGER)"]));
        return new Repair(() => Execute(Transaction(["DROP TABLE session_schema", .. back])));

        static string Transaction(IEnumerable<string> statements) => $"BEGIN IMMEDIATE; {string.Join("; ", statements)}; COMMIT";
    }

    public void Remove() => _folder.Delete(recursive: true);
}
