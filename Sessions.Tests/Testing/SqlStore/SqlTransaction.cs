using Microsoft.Data.Sqlite;
using Sessions.Stores;

namespace Sessions.Tests.Testing.SqlStore;

/// <summary>The statements of one transaction.</summary>
internal sealed class SqlTransaction(SqliteConnection connection)
{
    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = CreateCommand(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement that returns the columns of a session.</summary>
    public List<SqlSessionRow> Query(string sql, params (string Name, object? Value)[] parameters) =>
        Query(sql, SqlSessionRow.Read, parameters);

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        using var command = CreateCommand(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private SqliteCommand CreateCommand(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}

/// <summary>A row of the table: last use, expiry and marker stand beside the record, so that a touch need not rewrite it.</summary>
internal sealed record SqlSessionRow(string Id, long LastSeenAt, long ExpiresAt, SessionMarker Marker, byte[] Record)
{
    public const string Columns = "id, last_seen_at, expires_at, marker, record";

    public static SqlSessionRow Read(SqliteDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetInt64(1),
            reader.GetInt64(2),
            (SessionMarker)reader.GetInt32(3),
            reader.GetFieldValue<byte[]>(4)
        );

    /// <exception cref="FormatException">The record cannot be read.</exception>
    public Session? ToSession()
    {
        var touch = new SessionTouch
        {
            Id = SessionId.Parse(Id),
            LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(LastSeenAt),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt),
        };
        return SessionRecord.Read(touch, Record);
    }
}
