using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.LiteDb;

public sealed class LiteDbCorruptRecordTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private CorruptRecordLog _reported = null!;
    private LiteDatabase _database = null!;
    private LiteDbSessionStore _store = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void OpenStore()
    {
        _database = new LiteDatabase(new MemoryStream());
        _reported = new CorruptRecordLog();
        _store = new LiteDbSessionStore(new() { Database = _database }, reporter: _reported.Reporter);
    }

    [TearDown]
    public void CloseStore()
    {
        _store.Dispose();
        _database.Dispose();
    }

    [TestCase(null)]
    [TestCase("text")]
    [TestCase(new byte[0])]
    [TestCase(new byte[] { 99, 0 })]
    [TestCase(new byte[] { 2, 0, 1, 2, 3 })]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_is_reported(object? content)
    {
        var (session, other) = (_samples.CreateFull(), _samples.CreateFull());
        await _store.CreateAsync(session, null, Token);
        await _store.CreateAsync(other, null, Token);
        Damage(session, content);

        Assert.That(await _store.FetchAsync(session.Id, Token), Is.Null);
        Assert.That(_reported.Warnings.Single(), Does.Contain(session.Id.ToString()));
        Assert.That((await _reported.NextAsync(Token)).Record, Is.EqualTo(session.Id.ToString()));
        Assert.That(await _store.FetchAllAsync("ann", Token), Is.EqualTo(new[] { other }));
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_deleted_with_the_others_of_its_user()
    {
        var session = _samples.CreateFull();
        await _store.CreateAsync(session, null, Token);
        Damage(session, null);

        await _store.DeleteAllAsync("ann", null, Token);

        Assert.That(_database.GetCollection("sessions").Count(), Is.Zero);
    }

    [Test]
    public async Task A_sweep_deletes_what_cannot_be_read_and_goes_on_until_it_has_as_many_others_as_it_may()
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 9; i++)
        {
            var session = _samples.Create() with { ExpiresAt = now.AddHours(-1) };
            await _store.CreateAsync(session, null, Token);
            if (i < 5)
            {
                Damage(session, null);
            }
        }

        Assert.That(await _store.DeleteExpiredAsync(2, Token), Has.Count.EqualTo(2));
        Assert.That(await _store.DeleteExpiredAsync(3, Token), Has.Count.EqualTo(2));
        Assert.That(_database.GetCollection("sessions").Count(), Is.Zero);
    }

    [Test]
    public async Task Text_is_kept_as_it_is_whatever_the_mapper_of_the_application_does_to_text()
    {
        _database.Mapper.EmptyStringToNull = true;
        _database.Mapper.TrimWhitespace = true;
        var session = _samples.Create(" ann ") with { Values = SessionValues.From([new("", ""), new(" a ", " b "), new(" A ", "\t")]) };
        await _store.CreateAsync(session, null, Token);

        Assert.That(await _store.FetchAsync(session.Id, Token), Is.EqualTo(session));
    }

    private void Damage(Session session, object? content)
    {
        var records = _database.GetCollection("sessions");
        var record = records
            .FindAll()
            .Single(record => record["_id"].AsBinary.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(session.Id.ToString())));
        record["record"] = new BsonValue(content);
        records.Update(record);
    }
}
