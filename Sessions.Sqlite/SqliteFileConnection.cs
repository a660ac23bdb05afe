using Microsoft.Data.Sqlite;

namespace Sessions.Sqlite;

/// <summary>
/// A connection that remembers what it has compiled: to compile a statement takes SQLite longer than to run it.
/// </summary>
/// <param name="connectionString">Where to.</param>
/// <param name="failuresSeen">See <see cref="FailuresSeen"/>.</param>
internal sealed class SqliteFileConnection(string connectionString, int failuresSeen) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _compiled = new(ReferenceEqualityComparer.Instance);

    /// <summary>How often the file had failed when this was opened.</summary>
    public int FailuresSeen { get; } = failuresSeen;

    /// <summary>Runs a statement.</summary>
    /// <param name="sql">One of <see cref="SqliteStatements"/>: what was compiled is found by the object.</param>
    /// <param name="values">Of its parameters, in the same order each time.</param>
    /// <returns>How many rows it changed.</returns>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a statement, and reads all its rows.</summary>
    /// <inheritdoc cref="Run"/>
    public List<SqliteSessionRecord> Read(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var records = new List<SqliteSessionRecord>();
        using var row = Bind(sql, values).ExecuteReader();
        while (row.Read())
        {
            records.Add(SqliteSessionRecord.Read(row));
        }

        return records;
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_compiled.TryGetValue(sql, out var command))
        {
            _compiled[sql] = command = CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
            {
                command.Parameters.Add(new SqliteParameter(name, null));
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
