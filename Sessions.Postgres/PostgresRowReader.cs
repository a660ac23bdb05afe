using System.Collections;
using System.Data.Common;
using System.Net;

namespace Sessions.Postgres;

/// <summary>
/// The rows of one result with the framework's own types, whatever the application's data source makes of some (NodaTime of instants, for one): Dapper takes a column as the driver gives it.
/// </summary>
internal sealed class PostgresRowReader(DbDataReader inner) : DbDataReader
{
    private readonly Column[] _columns = [.. Enumerable.Range(0, inner.FieldCount).Select(i => Column.Create(inner, i))];

    public override int FieldCount => inner.FieldCount;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override object GetValue(int ordinal) => inner.IsDBNull(ordinal) ? DBNull.Value : _columns[ordinal].Read(inner, ordinal);

    public override Type GetFieldType(int ordinal) => _columns[ordinal].Type;

    public override T GetFieldValue<T>(int ordinal) => inner.GetFieldValue<T>(ordinal);

    public override bool IsDBNull(int ordinal) => inner.IsDBNull(ordinal);

    public override string GetName(int ordinal) => inner.GetName(ordinal);

    public override int GetOrdinal(string name) => inner.GetOrdinal(name);

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    // Nothing below is used by a mapper, and all of it is the driver's.
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

    /// <summary>A column as it is read.</summary>
    private sealed record Column(Type Type, Func<DbDataReader, int, object> Read)
    {
        private static readonly Column s_instant = new(typeof(DateTimeOffset), static (row, i) => row.GetFieldValue<DateTimeOffset>(i));
        private static readonly Column s_address = new(typeof(IPAddress), static (row, i) => row.GetFieldValue<IPAddress>(i));
        private static readonly Column s_text = new(typeof(string), static (row, i) => row.GetFieldValue<string>(i));
        private static readonly Column s_bytes = new(typeof(byte[]), static (row, i) => row.GetFieldValue<byte[]>(i));
        private static readonly Column s_number = new(typeof(short), static (row, i) => row.GetFieldValue<short>(i));

        public static Column Create(DbDataReader row, int ordinal) =>
            row.GetDataTypeName(ordinal) switch
            {
                "timestamp with time zone" => s_instant,
                "inet" => s_address,
                "text" or "jsonb" => s_text,
                "bytea" => s_bytes,
                "smallint" => s_number,
                _ => new(row.GetFieldType(ordinal), static (row, i) => row.GetValue(i)),
            };
    }
}
