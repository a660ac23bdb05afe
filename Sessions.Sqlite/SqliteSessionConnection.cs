using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sessions.Sqlite;

/// <summary>
/// A connection that remembers what it has compiled: to compile a statement takes SQLite longer than to run it.
/// </summary>
/// <param name="connectionString">Where to.</param>
/// <param name="failureCountAtOpen">See <see cref="FailureCountAtOpen"/>.</param>
internal sealed class SqliteSessionConnection(string connectionString, int failureCountAtOpen) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqlitePreparedStatement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>How often the file had failed when this was opened.</summary>
    public int FailureCountAtOpen { get; } = failureCountAtOpen;

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <param name="sql">One of <see cref="SqliteStatements"/>: what was compiled is found by the object.</param>
    /// <param name="values">Of its parameters, in the same order each time.</param>
    /// <returns>How many rows it changed.</returns>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        Read(sql, values);
        return raw.sqlite3_changes(Handle!);
    }

    /// <summary>Runs a SELECT of <see cref="SqliteSessionRecord.ColumnsWithoutId"/>, and reads the row of a session.</summary>
    /// <param name="sql">One of <see cref="SqliteStatements"/>.</param>
    /// <param name="id">Its one parameter, <c>@id</c>.</param>
    public SqliteSessionRecord? Read(string sql, SessionId id)
    {
        var text = id.ToString();
        ReadOnlySpan<(string, object?)> values = [("@id", text)];
        var statement = GetOrPrepare(sql, values);
        try
        {
            statement.Bind(values);
            // Of an id there is one at most, so nobody asks for the next.
            return statement.Step() ? SqliteSessionRecord.Read(text, id, statement) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Runs a statement, and reads all its rows.</summary>
    /// <inheritdoc cref="Run"/>
    public List<SqliteSessionRecord> Read(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = GetOrPrepare(sql, values);
        var records = new List<SqliteSessionRecord>();
        try
        {
            statement.Bind(values);
            while (statement.Step())
            {
                records.Add(SqliteSessionRecord.Read(statement));
            }
        }
        finally
        {
            statement.Reset();
        }

        return records;
    }

    /// <summary>What is compiled keeps the file open.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
        }

        base.Dispose(disposing);
    }

    private SqlitePreparedStatement GetOrPrepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new SqlitePreparedStatement(Handle!, sql, values);
        }

        return statement;
    }
}
