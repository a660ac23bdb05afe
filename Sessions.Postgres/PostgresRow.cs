using System.Data;
using System.Data.Common;
using Dapper;

[module: DapperAot]

namespace Sessions.Postgres;

/// <summary>
/// Rows as Dapper maps them, on the reader of a batch. The mapping is compiled with the package: each column is read as the type of its
/// property, and neither handlers that the application gave Dapper nor plugins of its data source (NodaTime) have a part in it.
/// </summary>
internal static class PostgresRow
{
    private static readonly Func<DbDataReader, PostgresIdRecord> s_id = CreateIdParser();
    private static readonly Func<DbDataReader, PostgresSessionRecord> s_session = CreateSessionParser();
    private static readonly Func<DbDataReader, PostgresUpdateRecord> s_update = CreateUpdateParser();
    private static readonly Func<DbDataReader, PostgresInsertRecord> s_insert = CreateInsertParser();
    private static readonly Func<DbDataReader, PostgresSweepRecord> s_sweep = CreateSweepParser();

    /// <summary>The id alone, also of a row that cannot be mapped.</summary>
    public static string ReadId(DbDataReader row) => s_id(row).Id;

    public static PostgresSessionRecord ReadSession(DbDataReader row) => s_session(row);

    public static PostgresUpdateRecord ReadUpdate(DbDataReader row) => s_update(row);

    public static PostgresInsertRecord ReadInsert(DbDataReader row) => s_insert(row);

    public static PostgresSweepRecord ReadSweep(DbDataReader row) => s_sweep(row);

    // Dapper.AOT sees calls in methods only, each with its type, and none in an initializer.
    private static Func<DbDataReader, PostgresIdRecord> CreateIdParser()
    {
        using var columns = DescribeColumns([PostgresSessionRecord.IdColumn]);
        return columns.GetRowParser<PostgresIdRecord>();
    }

    private static Func<DbDataReader, PostgresSessionRecord> CreateSessionParser()
    {
        using var columns = DescribeColumns(PostgresSessionRecord.ReadColumns);
        return columns.GetRowParser<PostgresSessionRecord>();
    }

    private static Func<DbDataReader, PostgresUpdateRecord> CreateUpdateParser()
    {
        using var columns = DescribeColumns([
            .. PostgresSessionRecord.ReadColumns,
            new("outcome", typeof(int)),
            new("removed", typeof(string)),
        ]);
        return columns.GetRowParser<PostgresUpdateRecord>();
    }

    private static Func<DbDataReader, PostgresInsertRecord> CreateInsertParser()
    {
        using var columns = DescribeColumns([
            .. PostgresSessionRecord.ReadColumns,
            new("is_replaced", typeof(bool)),
            new("is_added", typeof(bool)),
            new("is_taken", typeof(bool)),
        ]);
        return columns.GetRowParser<PostgresInsertRecord>();
    }

    private static Func<DbDataReader, PostgresSweepRecord> CreateSweepParser()
    {
        using var columns = DescribeColumns([.. PostgresSessionRecord.ReadColumns, new("due_count", typeof(int))]);
        return columns.GetRowParser<PostgresSweepRecord>();
    }

    // Dapper asks a reader once which columns there are and which types they have. A driver's reader would answer with the types of its
    // plugins.
    private static DataTableReader DescribeColumns(IEnumerable<PostgresReadColumn> columns)
    {
        using var table = new DataTable();
        foreach (var (name, type) in columns)
        {
            table.Columns.Add(name, type);
        }

        return table.CreateDataReader();
    }
}

/// <summary>A column as it is read.</summary>
/// <param name="Name">Without quotes.</param>
/// <param name="Type">Without <see cref="Nullable{T}"/>.</param>
internal readonly record struct PostgresReadColumn(string Name, Type Type);

/// <summary>What stands behind the columns of a session in the rows of <see cref="PostgresStatements.InsertInPlace"/>.</summary>
internal sealed record PostgresInsertRecord
{
    /// <summary>Null: there is no session in the row.</summary>
    public string? Id { get; init; }

    /// <summary>Whether the session was replaced; null: none was to be.</summary>
    public bool? IsReplaced { get; init; }

    public bool IsAdded { get; init; }

    public bool IsTaken { get; init; }
}

/// <summary>What stands behind the columns of a session in the rows of <see cref="PostgresStatements.Sweep"/>.</summary>
internal sealed record PostgresSweepRecord
{
    /// <summary>Null: nothing was deleted, and there is no session in the row.</summary>
    public string? Id { get; init; }

    public int DueCount { get; init; }
}

/// <summary>What <see cref="PostgresStatements.InsertMany"/> returns.</summary>
internal sealed record PostgresIdRecord
{
    public string Id { get; init; } = "";
}
