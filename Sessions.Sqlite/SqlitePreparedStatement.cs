using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sessions.Sqlite;

/// <summary>
/// The statement that fetches one session, without the driver's command and reader: they call SQLite two or three times for each value, and
/// most of what a read costs is the number of calls into SQLite. A wait for a file that is locked is SQLite's own, as long as the
/// connection says.
/// </summary>
internal sealed class SqlitePreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _column;

    /// <param name="database">Of a connection that one thread uses at a time.</param>
    /// <param name="sql">One statement with one parameter.</param>
    /// <exception cref="SqliteException">It cannot be compiled.</exception>
    public SqlitePreparedStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Gives the parameter its value.</summary>
    public void Bind(string value) => Check(raw.sqlite3_bind_text(_statement, 1, value));

    /// <summary>Goes on to the next row. False: there is none, and the work is done.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        _column = 0;
        var code = raw.sqlite3_step(_statement);
        Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Lets go of the file. A failure is not thrown again.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    /// <summary>The next value of the row, which is not NULL.</summary>
    public long ReadInt64() => raw.sqlite3_column_int64(_statement, _column++);

    /// <summary>The next value of the row, there until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> ReadBytes() => raw.sqlite3_column_blob(_statement, _column++);

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
