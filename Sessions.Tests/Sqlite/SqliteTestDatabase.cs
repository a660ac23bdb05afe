using Dapper;
using Microsoft.Data.Sqlite;
using Sessions.Sqlite;
using Sessions.Stores;

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

    public void Remove() => _folder.Delete(recursive: true);
}
