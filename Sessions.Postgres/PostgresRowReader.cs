using System.Collections;
using System.Data.Common;
using System.Net;

namespace Sessions.Postgres;

/// <summary>
/// A row with the framework's own types, whatever the application's data source makes of some (NodaTime of instants, for one): Dapper takes
/// a column as the driver gives it.
/// </summary>
/// <param name="inner">The driver's reader.</param>
/// <param name="columns">Of any reader with the same columns.</param>
internal sealed class PostgresRowReader(DbDataReader inner, PostgresRowReader.Column?[] columns) : DbDataReader
{
    public static Column?[] FindColumns(DbDataReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(i => Column.Find(row, i))];

    public override int FieldCount => inner.FieldCount;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override object GetValue(int ordinal) => columns[ordinal]?.Read(inner, ordinal) ?? inner.GetValue(ordinal);

    public override Type GetFieldType(int ordinal) => columns[ordinal]?.Type ?? inner.GetFieldType(ordinal);

    public override T GetFieldValue<T>(int ordinal) => inner.GetFieldValue<T>(ordinal);

    public override bool IsDBNull(int ordinal) => inner.IsDBNull(ordinal);

    public override string GetName(int ordinal) => inner.GetName(ordinal);

    public override int GetOrdinal(string name) => inner.GetOrdinal(name);

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    // Dapper uses none of the members below; they pass on to the driver.
    public override int Depth => inner.Depth;

    public override bool HasRows => inner.HasRows;

    public override bool IsClosed => inner.IsClosed;

    public override int RecordsAffected => inner.RecordsAffected;

    public override bool GetBoolean(int ordinal) => inner.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => inner.GetByte(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        inner.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override char GetChar(int ordinal) => inner.GetChar(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        inner.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override DateTime GetDateTime(int ordinal) => inner.GetDateTime(ordinal);

    public override decimal GetDecimal(int ordinal) => inner.GetDecimal(ordinal);

    public override double GetDouble(int ordinal) => inner.GetDouble(ordinal);

    public override IEnumerator GetEnumerator() => inner.GetEnumerator();

    public override float GetFloat(int ordinal) => inner.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => inner.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => inner.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => inner.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => inner.GetInt64(ordinal);

    public override string GetString(int ordinal) => inner.GetString(ordinal);

    public override int GetValues(object[] values) => inner.GetValues(values);

    public override bool NextResult() => inner.NextResult();

    public override bool Read() => inner.Read();

    /// <summary>A column whose type is not left to the driver.</summary>
    /// <param name="Type">What it is read as.</param>
    /// <param name="Read">Reads it, null included.</param>
    internal sealed record Column(Type Type, Func<DbDataReader, int, object> Read)
    {
        private static readonly Column s_instant = Create<DateTimeOffset>(static value =>
            value is DateTime instant ? new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)) : null
        );
        private static readonly Column s_address = Create<IPAddress>(static value => value as IPAddress);
        private static readonly Column s_text = Create<string>(static value => value as string);

        /// <returns>Null: the driver reads it as it always does.</returns>
        public static Column? Find(DbDataReader row, int ordinal) =>
            row.GetDataTypeName(ordinal) switch
            {
                "timestamp with time zone" => s_instant,
                "inet" => s_address,
                "jsonb" => s_text,
                _ => null,
            };

        // A value of the type, or close to it, is taken as it is. Only where a plugin has changed the type is the value read again with the
        // type named.
        private static Column Create<T>(Func<object, object?> convert)
            where T : notnull =>
            new(
                typeof(T),
                (row, ordinal) =>
                    row.GetValue(ordinal) is var value && value is DBNull ? value : convert(value) ?? row.GetFieldValue<T>(ordinal)
            );
    }
}
