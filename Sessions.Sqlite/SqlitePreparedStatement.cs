using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sessions.Sqlite;

/// <summary>
/// A compiled statement without the driver's command and reader: they ask SQLite two or three times for each value, and most of what a read costs is the number of
/// calls into SQLite. A wait for a file that is locked is SQLite's own, as long as the connection says.
/// </summary>
internal sealed class SqlitePreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _parameterIndexes;
    private int _column;

    /// <param name="database">Of a connection that one thread uses at a time.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="values">Whose names it has. One that it does not know is not bound.</param>
    /// <exception cref="SqliteException">It cannot be compiled.</exception>
    public SqlitePreparedStatement(sqlite3 database, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        _parameterIndexes = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _parameterIndexes[i] = raw.sqlite3_bind_parameter_index(_statement, values[i].Name);
        }
    }

    /// <summary>Gives the parameters their values, in the order in which it was made.</summary>
    public void Bind(ReadOnlySpan<(string Name, object? Value)> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (_parameterIndexes[i] != 0)
            {
                Check(Bind(_parameterIndexes[i], values[i].Value));
            }
        }
    }

    /// <summary>Goes on to the next row. False: there is none, and the work is done.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        _column = 0;
        var code = raw.sqlite3_step(_statement);
        Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Lets go of the file. A failure is not told again.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    /// <summary>The next value of the row, which is not NULL.</summary>
    public long ReadInt64() => raw.sqlite3_column_int64(_statement, _column++);

    /// <summary>The next value of the row, which is not NULL.</summary>
    public string ReadText() => raw.sqlite3_column_text(_statement, _column++).utf8_to_string();

    /// <summary>The next value of the row, there until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> ReadBytes() => raw.sqlite3_column_blob(_statement, _column++);

    private int Bind(int place, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(_statement, place),
            long number => raw.sqlite3_bind_int64(_statement, place, number),
            int number => raw.sqlite3_bind_int64(_statement, place, number),
            string text => raw.sqlite3_bind_text(_statement, place, text),
            byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "SQLite has no such type."),
        };

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
