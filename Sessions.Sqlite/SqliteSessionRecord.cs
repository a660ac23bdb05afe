using System.Globalization;
using Dapper;
using Sessions.Stores;

[module: DapperAot]

namespace Sessions.Sqlite;

/// <summary>
/// A row of the table, as Dapper reads it. Of last use and expiry the columns are right: a touch changes nothing else. The mapping is
/// compiled with the package, and handlers that the application gave Dapper have no part in it.
/// </summary>
internal sealed record SqliteSessionRecord
{
    /// <summary>For SELECT and RETURNING.</summary>
    public const string Columns = "id AS Id, last_seen_at AS LastSeenAt, expires_at AS ExpiresAt, record AS Record";

    public required string Id { get; init; }

    public required long LastSeenAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required byte[] Record { get; init; }

    /// <returns>The session; null: it is a marker.</returns>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public Session? ToSession() => Read(SessionId.Parse(Id, CultureInfo.InvariantCulture), LastSeenAt, ExpiresAt, Record);

    /// <inheritdoc cref="ToSession"/>
    public static Session? Read(SessionId id, long lastSeenAt, long expiresAt, ReadOnlySpan<byte> record) =>
        SessionRecord.Read(
            new SessionTouch
            {
                Id = id,
                LastSeenAt = ReadInstant(lastSeenAt),
                ExpiresAt = ReadInstant(expiresAt),
            },
            record
        );

    /// <summary>What a record says that has not expired.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static SessionLookup ReadLookup(SessionId id, long lastSeenAt, long expiresAt, ReadOnlySpan<byte> record) =>
        Read(id, lastSeenAt, expiresAt, record) is { } session ? session : SessionRecord.ReadLookup(id, record, DateTimeOffset.MinValue);

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

/// <summary>
/// A row of the table, as Dapper writes it: what statements compare in columns, instants in whole milliseconds, and the session as one
/// <see cref="SessionRecord"/>, since SQLite takes longer over each column than we over that part of a record.
/// </summary>
internal sealed record SqliteSessionParameters
{
    public required string Id { get; init; }

    public string? UserKey { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastSeenAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required long EndsAt { get; init; }

    public bool IsMarker { get; init; }

    /// <summary>Bytes. Dapper takes what is declared as an array for a list of parameters.</summary>
    public required object Record { get; init; }

    /// <param name="session">The session.</param>
    /// <param name="original">The record that this one takes the place of; null: there is none. What later versions keep in it
    /// stays.</param>
    public static SqliteSessionParameters Create(Session session, SqliteSessionRecord? original = null) =>
        new()
        {
            Id = session.Id.ToString(),
            UserKey = session.UserKey,
            CreatedAt = session.CreatedAt.ToUnixTimeMilliseconds(),
            LastSeenAt = session.LastSeenAt.ToUnixTimeMilliseconds(),
            ExpiresAt = session.ExpiresAt.ToUnixTimeMilliseconds(),
            EndsAt = session.EndsAt.ToUnixTimeMilliseconds(),
            Record = original is null ? SessionRecord.Write(session) : SessionRecord.Update(original.Record, session),
        };

    /// <summary>What a session leaves: found by its id and by the sweep only.</summary>
    public static SqliteSessionParameters CreateMarker(SessionId id, SessionMarker marker, DateTimeOffset endedAt)
    {
        var (at, until) = (endedAt.ToUnixTimeMilliseconds(), (endedAt + SessionMarkerLifetime.Duration).ToUnixTimeMilliseconds());
        return new()
        {
            Id = id.ToString(),
            CreatedAt = at,
            LastSeenAt = at,
            ExpiresAt = until,
            EndsAt = until,
            IsMarker = true,
            Record = SessionRecord.WriteMarker(marker, endedAt),
        };
    }
}
