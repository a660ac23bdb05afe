using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>What is in a row, whoever put it there.</summary>
public sealed class PostgresCorruptRecordTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private CorruptRecordLog _reported = null!;
    private PostgresTestSchema _schema = null!;
    private PostgresSessionStore _store = null!;
    private Session _session = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _reported = new CorruptRecordLog();
        _store = new PostgresSessionStore(_schema.Options, reporter: _reported.Reporter);
        _session = _samples.CreateFull();
        await _store.CreateAsync(_session, null, CancellationToken.None);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _store.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [TestCase("format = 2")]
    [TestCase("secret = '\\x00'")]
    [TestCase("last_agent = '\\x00'")]
    [TestCase("\"values\" = '5'")]
    [TestCase("\"values\" = 'null'")]
    [TestCase("\"values\" = '{\"a\": 1}'")]
    [TestCase("user_key = ''")]
    [TestCase("created_at = '4000-01-01 BC'")]
    [TestCase("idle_timeout_ms = 9223372036854775807")]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_is_reported(string damage)
    {
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET {damage}");

        Assert.That(await _store.FetchAsync(_session.Id, CancellationToken.None), Is.Null);
        Assert.That(_reported.Warnings, Has.One.Contains(_session.Id.ToString()));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Assert.That((await _reported.NextAsync(patience.Token)).Record, Is.EqualTo(_session.Id.ToString()));
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("colour", "green") };
        Assert.That((await _store.UpdateAsync(_session.Id, patch, CancellationToken.None)).Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
        Assert.That(await _store.DeleteAsync(_session.Id, CancellationToken.None), Is.Null);
        Assert.That(await _schema.ReadAsync<long>($"SELECT count(*) FROM {_schema.Table}"), Is.Zero, "It was not deleted.");
    }

    [Test]
    public async Task A_record_that_cannot_be_read_spoils_no_list()
    {
        var other = _samples.CreateFull();
        await _store.CreateAsync(other, null, CancellationToken.None);
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET secret = '' WHERE id = '{_session.Id}'");

        Assert.That(await _store.FetchAllAsync("ann", CancellationToken.None), Is.EqualTo([other]));
        Assert.That(await _store.DeleteAllAsync("ann", null, CancellationToken.None), Is.EqualTo([other]));
        Assert.That(await _schema.ReadAsync<long>($"SELECT count(*) FROM {_schema.Table}"), Is.Zero);
    }

    [Test]
    public async Task A_sweep_deletes_what_cannot_be_read_and_goes_on_until_it_has_as_many_others_as_it_may()
    {
        for (var i = 0; i < 4; i++)
        {
            await _store.CreateAsync(_samples.CreateFull(), null, CancellationToken.None);
        }

        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET secret = ''");
        for (var i = 0; i < 4; i++)
        {
            await _store.CreateAsync(_samples.CreateFull(), null, CancellationToken.None);
        }

        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET expires_at = '2001-01-01', sweep_at = '2001-01-01'");

        Assert.That(await _store.DeleteExpiredAsync(2, CancellationToken.None), Has.Count.EqualTo(2));
        Assert.That(await _store.DeleteExpiredAsync(3, CancellationToken.None), Has.Count.EqualTo(2));
        Assert.That(await _schema.ReadAsync<long>($"SELECT count(*) FROM {_schema.Table}"), Is.Zero);
    }

    [Test]
    public async Task A_record_without_an_end_lasts()
    {
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET expires_at = 'infinity', ends_at = 'infinity', created_at = '-infinity'");

        Assert.That((await _store.FetchAsync(_session.Id, CancellationToken.None))?.CreatedAt, Is.EqualTo(DateTimeOffset.MinValue));
    }
}
