using System.Text;
using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>A session as a document: one <see cref="SessionRecord"/>, and beside it what is looked for.</summary>
internal static class LiteDbSessionRecord
{
    public const string UserKey = "userKey";
    public const string ExpiresAt = "expiresAt";
    public const string Tags = "tags";

    /// <summary>Each tag of a document: what is indexed, and what queries compare.</summary>
    public const string EachTag = $"$.{Tags}[*]";

    private const string Record = "record";

    /// <summary>
    /// Ids and user keys are kept as bytes: as text LiteDB compares them as the collation of the file says, which by default ignores case.
    /// </summary>
    public static BsonValue Key(SessionId id) => Encoding.ASCII.GetBytes(id.ToString());

    /// <inheritdoc cref="Key(SessionId)"/>
    public static BsonValue Key(string userKey) => Encoding.UTF8.GetBytes(userKey);

    /// <inheritdoc cref="Key(SessionId)"/>
    /// <remarks>A byte 0, which is in no tag, ends the name.</remarks>
    public static BsonValue Key(SessionTag tag) => Encoding.UTF8.GetBytes($"{tag.Name}\0{tag.Value}");

    /// <summary>The id as text, also of a record that cannot be read.</summary>
    public static string ReadId(BsonDocument record) =>
        record["_id"] is { IsBinary: true } id ? Encoding.ASCII.GetString(id.AsBinary) : record["_id"].ToString();

    public static BsonDocument Create(Session session) =>
        new()
        {
            ["_id"] = Key(session.Id),
            [UserKey] = session.UserKey is null ? BsonValue.Null : Key(session.UserKey),
            // Milliseconds since the Unix epoch.
            [ExpiresAt] = session.ExpiresAt.ToUnixTimeMilliseconds(),
            [Tags] = CreateTags(session),
            [Record] = SessionRecord.Write(session),
        };

    /// <summary>Changes a document to what its session is now. What later versions keep in it stays.</summary>
    public static void Update(BsonDocument record, Session session)
    {
        record[ExpiresAt] = session.ExpiresAt.ToUnixTimeMilliseconds();
        record[Tags] = CreateTags(session);
        record[Record] = SessionRecord.Update(record[Record].AsBinary, session);
    }

    /// <summary>What a session leaves: found by its id and by the sweep only.</summary>
    public static BsonDocument CreateMarker(SessionId id, SessionMarker marker, DateTimeOffset endedAt) =>
        new()
        {
            ["_id"] = Key(id),
            [ExpiresAt] = (endedAt + SessionMarkerLifetime.Duration).ToUnixTimeMilliseconds(),
            [Record] = SessionRecord.WriteMarker(marker, endedAt),
        };

    /// <summary>Whether it is the document of a marker, which no deletion takes for a session's. False, if it cannot be read.</summary>
    public static bool IsMarker(BsonDocument record) =>
        record[Record] is { IsBinary: true } bytes && SessionRecord.IsMarker(bytes.AsBinary);

    /// <returns>The session; null: it is the document of a marker.</returns>
    /// <exception cref="FormatException">The document is not one that this version can read.</exception>
    public static Session? Read(BsonDocument record) => SessionRecord.Read(SessionId.Parse(ReadId(record)), GetBytes(record));

    /// <summary>What a document says at an instant.</summary>
    /// <exception cref="FormatException">The document is not one that this version can read.</exception>
    public static SessionLookup ReadLookup(BsonDocument record, DateTimeOffset now) =>
        SessionRecord.ReadLookup(SessionId.Parse(ReadId(record)), GetBytes(record), now);

    private static BsonArray CreateTags(Session session) => new(session.Tags.Select(Key));

    private static byte[] GetBytes(BsonDocument record) =>
        record[Record] is { IsBinary: true } bytes ? bytes.AsBinary : throw new FormatException("The document has no record of a session.");
}
