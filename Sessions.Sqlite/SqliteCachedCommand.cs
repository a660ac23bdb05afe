using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Sessions.Sqlite;

/// <summary>A command that Dapper makes, runs and disposes, in front of the one that the connection keeps for its text.</summary>
internal sealed class SqliteCachedCommand(SqliteSessionConnection connection) : DbCommand
{
    private SqliteCommand? _command;

    [AllowNull]
    public override string CommandText
    {
        get => Command.CommandText;
        set => _command = connection.GetCommand(value!);
    }

    // Without effect: the command that the connection keeps has the timeout of the connection.
    public override int CommandTimeout { get; set; }

    // Of a text Dapper searches the names of the parameters, at each call and for each row of a list, which takes a tenth of the time of a
    // row's update; of a procedure it takes all properties. SQLite ignores those that a statement does not name.
    public override CommandType CommandType
    {
        get => CommandType.StoredProcedure;
        set { }
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => Command.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    private SqliteCommand Command => _command ?? throw new InvalidOperationException("The text comes first.");

    public override void Cancel() => Command.Cancel();

    public override int ExecuteNonQuery() => Command.ExecuteNonQuery();

    public override object? ExecuteScalar() => Command.ExecuteScalar();

    public override void Prepare() => Command.Prepare();

    protected override DbParameter CreateDbParameter() => Command.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Command.ExecuteReader(behavior);
}
