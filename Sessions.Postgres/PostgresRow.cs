using System.Data.Common;
using System.Reflection;
using Dapper;

namespace Sessions.Postgres;

/// <summary>How Dapper reads rows of <typeparamref name="T"/>: what it makes for the first one serves all, since each type belongs to statements with the same columns in the same order.</summary>
internal static class PostgresRow<T>
    where T : class
{
    private static Func<DbDataReader, T>? s_parse;

    public static T Parse(DbDataReader row)
    {
        var parse = s_parse ??= CreateParser(row);
        return parse(row);
    }

    private static Func<DbDataReader, T> CreateParser(DbDataReader row)
    {
        // For this type alone; Dapper's option for all types is the application's.
        SqlMapper.SetTypeMap(typeof(T), new CustomPropertyTypeMap(typeof(T), static (type, column) => FindProperty(type, column)!));
        return row.GetRowParser<T>();
    }

    private static PropertyInfo? FindProperty(Type type, string column) =>
        type.GetProperty(
            column.Replace("_", "", StringComparison.Ordinal),
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase
        );
}
