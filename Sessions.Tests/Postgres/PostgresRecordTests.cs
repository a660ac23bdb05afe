using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>What is in a row, whoever put it there.</summary>
public sealed class PostgresRecordTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly Warnings _warnings = new();
    private PostgresTestSchema _schema = null!;
    private PostgresSessionStore _store = null!;
    private Session _session = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _store = new PostgresSessionStore(_schema.Options, log: _warnings);
        _session = _samples.CreateFull();
        await _store.CreateAsync(_session, null, CancellationToken.None);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        _warnings.Clear();
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
        Assert.That(_warnings, Has.One.Contains(_session.Id.ToString()));
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
    public async Task A_record_without_an_end_lasts()
    {
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET expires_at = 'infinity', ends_at = 'infinity', created_at = '-infinity'");

        Assert.That((await _store.FetchAsync(_session.Id, CancellationToken.None))?.CreatedAt, Is.EqualTo(DateTimeOffset.MinValue));
    }

    private sealed class Warnings : List<string>, ILogger<PostgresSessionStore>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel == LogLevel.Warning && exception is not null)
            {
                Add(formatter(state, exception));
            }
        }
    }
}
