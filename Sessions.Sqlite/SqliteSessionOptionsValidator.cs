using Microsoft.Data.Sqlite;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <inheritdoc />
internal sealed class SqliteSessionOptionsValidator : SessionStoreOptionsValidator<SqliteSessionOptions>
{
    protected override IEnumerable<string> GetFailures(SqliteSessionOptions options)
    {
        if (GetConnectionFailure(options.ConnectionString) is { } failure)
        {
            yield return failure;
        }

        if (options.Table is { } table && !IsName(table))
        {
            yield return "Table is empty, holds a quote, or begins with sqlite_, which SQLite keeps for itself; set it to a plain name.";
        }

        if (options.BusyTimeout < TimeSpan.FromMilliseconds(1) || options.BusyTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"BusyTimeout is {options.BusyTimeout}; set it to something from 1 millisecond to 10 minutes.";
        }
    }

    private static bool IsName(string table) =>
        !string.IsNullOrWhiteSpace(table)
        && !table.AsSpan().ContainsAny('"', '\0')
        && !table.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);

    private static string? GetConnectionFailure(string connectionString)
    {
        SqliteConnectionStringBuilder connection;
        try
        {
            connection = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            return $"ConnectionString cannot be read ({e.Message}); write it as \"Data Source=sessions.db\".";
        }

        if (string.IsNullOrWhiteSpace(connection.DataSource))
        {
            return "ConnectionString names no file; write it as \"Data Source=sessions.db\".";
        }

        if (IsInMemory(connection))
        {
            return "ConnectionString names a database in memory, which ends with its last connection; name a file, or call UseMemory.";
        }

        if (connection.Cache == SqliteCacheMode.Shared)
        {
            return "ConnectionString asks for a shared cache, where readers and the writer lock each other out; leave Cache out.";
        }

        if (connection.Mode == SqliteOpenMode.ReadOnly)
        {
            return "ConnectionString opens the file for reading only, and sessions are written; leave Mode out.";
        }

        return FindMissingFolder(connection.DataSource) is { } folder
            ? $"The folder \"{folder}\" of the SQLite file does not exist; create it, or name another in ConnectionString."
            : null;
    }

    private static bool IsInMemory(SqliteConnectionStringBuilder connection) =>
        connection.Mode == SqliteOpenMode.Memory
        || connection.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
        || (IsUri(connection.DataSource) && connection.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));

    private static bool IsUri(string source) => source.StartsWith("file:", StringComparison.OrdinalIgnoreCase);

    private static string? FindMissingFolder(string source)
    {
        // The driver itself resolves URIs and the |DataDirectory| macro; a folder that is missing there is reported by the first call.
        if (IsUri(source) || source.StartsWith('|'))
        {
            return null;
        }

        var root = AppDomain.CurrentDomain.GetData("DataDirectory") as string is { Length: > 0 } data ? data : Environment.CurrentDirectory;
        var folder = Path.GetDirectoryName(Path.Combine(root, source));
        return Directory.Exists(folder) ? null : folder;
    }
}
