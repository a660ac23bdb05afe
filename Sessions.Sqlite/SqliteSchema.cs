using Dapper;
using Microsoft.Data.Sqlite;

namespace Sessions.Sqlite;

/// <summary>
/// The table of one name of sessions, and the way to it from every earlier version. The version is kept in a table beside it: <c>PRAGMA
/// user_version</c> belongs to the application, which may have tables in the file, and there is one per file, where several names may have
/// their sessions.
/// </summary>
internal sealed class SqliteSchema(string table)
{
    /// <summary>The step at index N leads from version N to version N + 1. Steps that were released are never changed.</summary>
    private readonly string[] _steps =
    [
        $"""
            CREATE TABLE "{table}" (
                id TEXT NOT NULL PRIMARY KEY,
                user_key TEXT,
                created_at INTEGER NOT NULL,
                last_seen_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                is_marker INTEGER NOT NULL,
                record BLOB NOT NULL
            ) STRICT;
            CREATE TABLE "{table}_tags" (
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                id TEXT NOT NULL REFERENCES "{table}" (id) ON UPDATE CASCADE ON DELETE CASCADE,
                PRIMARY KEY (name, value, id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX "ix_{table}_tags_id" ON "{table}_tags" (id);
            CREATE INDEX "ix_{table}_user" ON "{table}" (user_key, created_at, id) WHERE user_key IS NOT NULL;
            CREATE INDEX "ix_{table}_expiry" ON "{table}" (expires_at);
            """,
    ];

    public static string GetTable(SqliteSessionOptions options) => options.Table ?? "sessions";

    /// <exception cref="SessionConfigurationException">The table was made by a newer version of this package.</exception>
    public bool IsCurrent(SqliteConnection connection)
    {
        var version = Version(connection);
        return version <= _steps.Length
            ? version == _steps.Length
            : throw new SessionConfigurationException(
                $"The table \"{table}\" has version {version} of its schema, and this version of Sessions.Sqlite knows {_steps.Length} and older. "
                    + "Update the package, or give these sessions another file or Table."
            );
    }

    /// <summary>
    /// Brings the table to the current version. The caller has begun a write, so of several nodes one does it and the others find it done.
    /// </summary>
    /// <exception cref="SessionConfigurationException">There is a table of that name that is not this package's.</exception>
    public void Migrate(SqliteConnection connection)
    {
        connection.Execute(
            "CREATE TABLE IF NOT EXISTS session_schema (table_name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT"
        );
        if (IsCurrent(connection))
        {
            return;
        }

        var version = Version(connection);
        if (version == 0 && Exists(connection, table))
        {
            throw new SessionConfigurationException(
                $"The file has a table \"{table}\" already that does not hold these sessions (SQLite takes no notice of case). Set Table to another name."
            );
        }

        foreach (var step in _steps.Skip(version))
        {
            connection.Execute(step);
        }

        connection.Execute("INSERT OR REPLACE INTO session_schema VALUES (@table, @version)", new { table, version = _steps.Length });
    }

    private int Version(SqliteConnection connection) =>
        Exists(connection, "session_schema")
            ? connection.ExecuteScalar<int>("SELECT coalesce(max(version), 0) FROM session_schema WHERE table_name = @table", new { table })
            : 0;

    private static bool Exists(SqliteConnection connection, string name) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = @name COLLATE NOCASE)", new { name });
}
