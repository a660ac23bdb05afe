using Microsoft.Data.Sqlite;
using Sessions.Stores;

namespace Sessions.Tests.Testing.SqlStore;

/// <content>The schema, and the transaction that each call is.</content>
internal sealed partial class SqlSessionStore
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS sessions (
            id TEXT PRIMARY KEY, user_key TEXT, created_at INTEGER, last_seen_at INTEGER, expires_at INTEGER, ends_at INTEGER,
            marker INTEGER, record BLOB);
        CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_key, created_at, id);
        CREATE INDEX IF NOT EXISTS sessions_expiry ON sessions (expires_at);
        CREATE TABLE IF NOT EXISTS session_tags (
            name TEXT, value TEXT, id TEXT REFERENCES sessions (id) ON DELETE CASCADE, PRIMARY KEY (name, value, id));
        CREATE INDEX IF NOT EXISTS session_tags_id ON session_tags (id);
        CREATE TABLE IF NOT EXISTS session_changes (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, kind INTEGER);
        """;

    /// <summary>Runs a call as one transaction.</summary>
    /// <param name="work">The statements.</param>
    /// <param name="writes">Whether the transaction begins with the lock for writing: what it reads is still so when it writes.</param>
    /// <param name="cancellationToken">Cancels the wait for the schema.</param>
    private async ValueTask<T> RunAsync<T>(Func<SqlTransaction, T> work, bool writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        try
        {
            await _schema.GetAsync(cancellationToken);
            using var connection = Open();
            using var transaction = connection.BeginTransaction(deferred: !writes);
            var result = work(new SqlTransaction(connection));
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw StoreFailure.Create("SQLite", e);
        }
    }

    private Task<bool> CreateSchemaAsync()
    {
        using var connection = Open();
        var sql = new SqlTransaction(connection);
        sql.Execute("PRAGMA journal_mode = WAL");
        sql.Execute(Schema);
        return Task.FromResult(true);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // SQLite waits for other writers in shorter steps than the driver.
        new SqlTransaction(connection).Execute("PRAGMA busy_timeout = 30000; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL");
        return connection;
    }
}
