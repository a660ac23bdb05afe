using Sessions.Stores;

namespace Sessions.Sqlite;

/// <summary>
/// A row of the table: what statements ask about in columns, instants in whole milliseconds, and the session as one <see cref="SessionRecord"/>, since SQLite takes longer over each column
/// than we over that part of a record. Of last use and expiry the columns are right: a touch changes nothing else.
/// </summary>
/// <param name="Id">Whatever is there.</param>
/// <param name="ExpiresAt">Whatever is there.</param>
/// <param name="Session">Null when this version cannot read it.</param>
/// <param name="Error">Why it cannot.</param>
internal readonly record struct SqliteSessionRecord(string Id, long ExpiresAt, Session? Session, FormatException? Error)
{
    /// <summary>For SELECT and RETURNING, in the order in which they are read.</summary>
    public const string Columns = $"id, {ColumnsWithoutId}";

    /// <summary>The same, for SELECT where the id is known.</summary>
    public const string ColumnsWithoutId = "last_seen_at, expires_at, record";

    /// <summary>The values of a session for INSERT and UPDATE.</summary>
    public static (string Name, object? Value)[] CreateParameters(Session session) =>
        [
            ("@Id", session.Id.ToString()),
            ("@UserKey", session.UserKey),
            ("@CreatedAt", session.CreatedAt.ToUnixTimeMilliseconds()),
            ("@LastSeenAt", session.LastSeenAt.ToUnixTimeMilliseconds()),
            ("@ExpiresAt", session.ExpiresAt.ToUnixTimeMilliseconds()),
            ("@Record", SessionRecord.Write(session)),
        ];

    /// <summary>Reads the row at which a statement is that returns <see cref="Columns"/>.</summary>
    public static SqliteSessionRecord Read(SqlitePreparedStatement row)
    {
        var id = row.ReadText();
        return Read(id, SessionId.TryParse(id, out var known) ? known : null, row);
    }

    /// <summary>Reads the row at which a statement is that returns <see cref="ColumnsWithoutId"/>.</summary>
    public static SqliteSessionRecord Read(string text, SessionId? id, SqlitePreparedStatement row)
    {
        var (lastSeenAt, expiresAt) = (row.ReadInt64(), row.ReadInt64());
        var record = row.ReadBytes();
        if (id is not { } known)
        {
            return new(text, expiresAt, null, new FormatException("That is no session id."));
        }

        try
        {
            var touched = new SessionTouch
            {
                Id = known,
                LastSeenAt = Instant(lastSeenAt),
                ExpiresAt = Instant(expiresAt),
            };
            return new(text, expiresAt, SessionRecord.Read(touched, record), null);
        }
        catch (FormatException e)
        {
            return new(text, expiresAt, null, e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            return new(text, expiresAt, null, new FormatException("The record is damaged.", e));
        }
    }

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
