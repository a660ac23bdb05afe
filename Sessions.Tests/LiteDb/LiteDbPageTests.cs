using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

public sealed class LiteDbPageTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private LiteDatabase _database = null!;
    private LiteDbSessionStore _store = null!;

    private ILiteCollection<BsonDocument> Records => _database.GetCollection("sessions");

    [SetUp]
    public void OpenStore()
    {
        _database = new LiteDatabase(new MemoryStream());
        _store = new LiteDbSessionStore(new() { Database = _database });
    }

    [TearDown]
    public void CloseStore()
    {
        _store.Dispose();
        _database.Dispose();
    }

    [Test]
    public async Task A_page_begins_where_the_index_says_and_sorts_nothing()
    {
        await _store.CreateAsync(_samples.Create(), null, Token);

        var plan = LiteDbSessionStore.PageQuery(Records, LiteDbSessionRecord.Key(_samples.NewId("ann")), 100).GetPlan();

        Assert.That(plan["index"]["name"].AsString, Is.EqualTo("_id"));
        Assert.That(plan["index"]["mode"].AsString, Does.StartWith("INDEX SCAN").Or.StartWith("INDEX SEEK").And.Not.Contain("FULL"));
        Assert.That(plan["orderBy"].IsNull && plan["filters"].IsNull, plan.ToString());
    }

    [Test]
    public async Task A_tag_is_found_where_the_index_says()
    {
        var tag = _samples.NewTag();
        await _store.CreateAsync(_samples.Create() with { Tags = [tag] }, null, Token);
        await _store.CreateAsync(_samples.Create(), null, Token);

        var plan = Records.Query().Where(LiteDbSessionStore.TagQuery(tag)).GetPlan();

        Assert.That(plan["index"]["name"].AsString, Is.EqualTo(LiteDbSessionRecord.Tags));
        Assert.That(plan["index"]["mode"].AsString, Does.StartWith("INDEX SEEK"), plan.ToString());
    }

    [Test]
    public async Task The_records_of_a_user_are_counted_in_the_index_alone()
    {
        foreach (var user in new[] { "ann", "ann", "ann", "bob" })
        {
            await _store.CreateAsync(_samples.Create(user), null, Token);
        }

        var plan = LiteDbSessionStore.CountQuery(Records, "ann", 100).GetPlan();

        Assert.That(plan["index"]["mode"].AsString, Does.StartWith("INDEX SEEK"), plan.ToString());
        Assert.That(plan["lookup"]["loader"].AsString, Is.EqualTo("index"), plan.ToString());
        Assert.That(Count(2), Is.EqualTo(2));
        Assert.That(Count(100), Is.EqualTo(3));

        int Count(int limit) => LiteDbSessionStore.CountQuery(Records, "ann", limit).ToEnumerable().Count();
    }

    [Test]
    public async Task A_record_with_an_invalid_id_does_not_stop_the_pages()
    {
        var session = _samples.Create();
        await _store.CreateAsync(session, null, Token);
        BsonValue[] others = ["text", 7, new byte[] { 0 }, new byte[] { 0xFF }, Guid.Empty, true];
        Records.Insert(others.Select(static id => new BsonDocument { ["_id"] = id }));

        var walked = new List<Session>();
        string? continuation = null;
        do
        {
            var page = await _store.FetchPageAsync(continuation, 1, Token);
            walked.AddRange(page!.Sessions);
            continuation = page.Continuation;
        } while (continuation is not null);

        Assert.That(walked, Is.EqualTo([session]));
    }
}
