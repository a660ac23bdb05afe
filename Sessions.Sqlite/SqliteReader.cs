using Microsoft.Data.Sqlite;

namespace Sessions.Sqlite;

/// <summary>
/// A connection for reading, with the one statement that every request waits for: compiled once, and its columns read by their places. Everything else goes through Dapper.
/// </summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteCommand _find;
    private readonly SqliteParameter _id;
    private readonly SqliteParameter _now;

    public SqliteReader(SqliteConnection connection, string findSql, int failuresSeen)
    {
        (Connection, FailuresSeen) = (connection, failuresSeen);
        _find = connection.CreateCommand();
        _find.CommandText = findSql;
        _id = _find.Parameters.Add("@id", SqliteType.Text);
        _now = _find.Parameters.Add("@now", SqliteType.Integer);
    }

    public SqliteConnection Connection { get; }

    /// <summary>How often the file had failed when this was opened.</summary>
    public int FailuresSeen { get; }

    /// <summary>The record of a session that has not expired.</summary>
    public SqliteSessionRecord? Find(SessionId id, long now)
    {
        (_id.Value, _now.Value) = (id.ToString(), now);
        using var row = _find.ExecuteReader();
        return row.Read() ? SqliteSessionRecord.Read(row) : null;
    }

    public void Dispose()
    {
        _find.Dispose();
        Connection.Dispose();
    }
}
