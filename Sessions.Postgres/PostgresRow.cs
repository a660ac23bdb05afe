using System.Data.Common;
using System.Reflection;
using Dapper;

namespace Sessions.Postgres;

/// <summary>
/// How Dapper reads rows of <typeparamref name="T"/>. What it makes for the first one serves all: each type belongs to statements with the
/// same columns in the same order.
/// </summary>
internal static class PostgresRow<T>
    where T : class
{
    private static Parser? s_parser;

    public static T Parse(DbDataReader row)
    {
        var parser = s_parser ??= new Parser(row);
        return parser.Parse(row);
    }

    private sealed class Parser
    {
        private readonly PostgresRowReader.Column?[] _columns;
        private readonly Func<DbDataReader, T> _parse;

        public Parser(DbDataReader row)
        {
            // For this type alone; Dapper's option for all types is the application's.
            SqlMapper.SetTypeMap(typeof(T), new CustomPropertyTypeMap(typeof(T), static (type, column) => FindProperty(type, column)!));
            _columns = PostgresRowReader.FindColumns(row);
            _parse = new PostgresRowReader(row, _columns).GetRowParser<T>();
        }

        public T Parse(DbDataReader row) => _parse(new PostgresRowReader(row, _columns));

        private static PropertyInfo? FindProperty(Type type, string column) =>
            type.GetProperty(
                column.Replace("_", "", StringComparison.Ordinal),
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase
            );
    }
}
