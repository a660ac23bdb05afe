using System.Text;
using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>A session as a document: one <see cref="SessionRecord"/>, and beside it what is looked for.</summary>
internal static class LiteDbSessionRecord
{
    public const string UserKey = "userKey";
    public const string ExpiresAt = "expiresAt";

    private const string Record = "record";

    /// <summary>Ids and user keys are kept as bytes: as text LiteDB compares them as the collation of the file says, which by default ignores case.</summary>
    public static BsonValue Key(SessionId id) => Encoding.ASCII.GetBytes(id.ToString());

    /// <inheritdoc cref="Key(SessionId)"/>
    public static BsonValue Key(string userKey) => Encoding.UTF8.GetBytes(userKey);

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
            [Record] = SessionRecord.Write(session),
        };

    /// <exception cref="FormatException">The document is not a session that this version can read.</exception>
    public static Session Read(BsonDocument record) =>
        record[Record] is { IsBinary: true } bytes
            ? SessionRecord.Read(SessionId.Parse(ReadId(record)), bytes.AsBinary)
            : throw new FormatException("The document has no record of a session.");
}
