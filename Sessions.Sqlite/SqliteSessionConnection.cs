using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sessions.Sqlite;

/// <summary>
/// A connection that keeps what it has compiled: to compile a statement takes SQLite longer than to run it. One thread uses it at a time.
/// </summary>
/// <param name="connectionString">Where to.</param>
/// <param name="failureCountAtOpen">See <see cref="FailureCountAtOpen"/>.</param>
internal sealed class SqliteSessionConnection(string connectionString, int failureCountAtOpen) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private SqlitePreparedStatement? _fetch;

    /// <summary>How often the file had failed when this was opened.</summary>
    public int FailureCountAtOpen { get; } = failureCountAtOpen;

    /// <summary>The one command that does without Dapper.</summary>
    /// <param name="sql">The same each time; of one parameter.</param>
    public SqlitePreparedStatement GetFetch(string sql) => _fetch ??= new SqlitePreparedStatement(Handle!, sql);

    /// <summary>The driver's command for a text, which keeps its compiled statement. Without parameters.</summary>
    public SqliteCommand GetCommand(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = base.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Parameters.Clear();
        return command;
    }

    /// <summary>For Dapper, which makes a command for each call.</summary>
    protected override DbCommand CreateDbCommand() => new SqliteCachedCommand(this);

    /// <summary>What is compiled keeps the file open.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _fetch?.Dispose();
            _fetch = null;
            foreach (var command in _commands.Values)
            {
                command.Dispose();
            }

            _commands.Clear();
        }

        base.Dispose(disposing);
    }
}
