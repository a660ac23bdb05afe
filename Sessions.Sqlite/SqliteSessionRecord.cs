using System.Globalization;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <summary>
/// A row of the table, as Dapper writes and reads it: what statements ask about in columns, instants in whole milliseconds, and the session as one <see cref="SessionRecord"/>, since SQLite
/// takes longer over each column than we over that part of a record. Of last use and expiry the columns are right: a touch changes nothing else.
/// </summary>
internal sealed record SqliteSessionRecord
{
    /// <summary>For SELECT and RETURNING.</summary>
    public const string Columns = "id AS Id, last_seen_at AS LastSeenAt, expires_at AS ExpiresAt, record AS Record";

    public required string Id { get; init; }

    /// <summary>Written only; it stands in the record, too.</summary>
    public string? UserKey { get; init; }

    /// <inheritdoc cref="UserKey"/>
    public long CreatedAt { get; init; }

    public required long LastSeenAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required byte[] Record { get; init; }

    public static SqliteSessionRecord Create(Session session) =>
        new()
        {
            Id = session.Id.ToString(),
            UserKey = session.UserKey,
            CreatedAt = session.CreatedAt.ToUnixTimeMilliseconds(),
            LastSeenAt = session.LastSeenAt.ToUnixTimeMilliseconds(),
            ExpiresAt = session.ExpiresAt.ToUnixTimeMilliseconds(),
            Record = SessionRecord.Write(session),
        };

    /// <exception cref="FormatException">It cannot be read.</exception>
    public Session ToSession() => Read(SessionId.Parse(Id, CultureInfo.InvariantCulture), LastSeenAt, ExpiresAt, Record);

    /// <inheritdoc cref="ToSession"/>
    public static Session Read(SessionId id, long lastSeenAt, long expiresAt, ReadOnlySpan<byte> record) =>
        SessionRecord.Read(
            new SessionTouch
            {
                Id = id,
                LastSeenAt = ReadInstant(lastSeenAt),
                ExpiresAt = ReadInstant(expiresAt),
            },
            record
        );

    private static DateTimeOffset ReadInstant(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException("The record is damaged.", e);
        }
    }
}
