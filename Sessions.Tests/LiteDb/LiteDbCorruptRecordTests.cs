using System.Text;
using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.LiteDb;

internal sealed class LiteDbCorruptRecordTests : SweptCorruptRecordTests<LiteDbCorruptRecordBackend>
{
    [Test]
    public async Task Text_is_kept_as_it_is_whatever_the_mapper_of_the_application_does_to_text()
    {
        Backend.Database.Mapper.EmptyStringToNull = true;
        Backend.Database.Mapper.TrimWhitespace = true;
        var session = Samples.Create(" ann ") with { Values = SessionValues.From([new("", ""), new(" a ", " b "), new(" A ", "\t")]) };
        await Store.CreateAsync(session, null, Token);

        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }
}

internal sealed class LiteDbCorruptRecordBackend : CorruptRecordBackend
{
    private static readonly Dictionary<string, BsonValue> s_contents = new()
    {
        ["null"] = BsonValue.Null,
        ["text"] = "text",
        ["no bytes"] = Array.Empty<byte>(),
        ["another version"] = new byte[] { 99, 0 },
        ["cut short"] = new byte[] { SessionRecordLayout.Version, 0, 1, 2, 3 },
    };

    private readonly Lazy<LiteDatabase> _database = new(static () => new(new MemoryStream()));

    public LiteDatabase Database => _database.Value;

    public override IReadOnlyList<string> Damages => [.. s_contents.Keys];

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time, CorruptRecordReporter reporter) =>
        new(new LiteDbSessionStore(new() { Database = Database }, time, reporter));

    public override ValueTask DamageAsync(Session session, string damage)
    {
        Damage(Database, session.Id, damage);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes the record of a session unreadable.</summary>
    /// <returns>Whether there is such a record.</returns>
    public static bool Damage(LiteDatabase database, SessionId id, string damage)
    {
        var records = database.GetCollection("sessions");
        var record = records.FindAll().Single(record => record["_id"].AsBinary.SequenceEqual(Encoding.ASCII.GetBytes($"{id}")));
        record["record"] = s_contents[damage];
        return records.Update(record);
    }

    public override ValueTask<long> CountRecordsAsync() => new(Database.GetCollection("sessions").Count());

    public override ValueTask DisposeAsync()
    {
        Database.Dispose();
        return ValueTask.CompletedTask;
    }
}
