using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>
/// A data source of the application may read some types as others: NodaTime's plugin, for one, all instants. A session comes back all the
/// same.
/// </summary>
public sealed class PostgresTypePluginTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly CorruptRecordLog _reported = new();
    private PostgresTestSchema _schema = null!;
    private NpgsqlDataSource _dataSource = null!;
    private PostgresSessionStore _store = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        var builder = new NpgsqlDataSourceBuilder(_schema.ConnectionString);
        builder.UseNodaTime();
        _dataSource = builder.Build();
        _store = new PostgresSessionStore(new() { DataSource = _dataSource, Schema = _schema.Name }, reporter: _reported.Reporter);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        await _dataSource.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Test]
    public async Task The_data_source_reads_instants_as_a_type_of_its_own()
    {
        await using var command = _dataSource.CreateCommand("SELECT now()");

        Assert.That(await command.ExecuteScalarAsync(default), Is.TypeOf<NodaTime.Instant>());
    }

    [Test]
    public async Task A_session_comes_back_by_every_way()
    {
        var session = _samples.CreateFull();
        await _store.CreateAsync(session, null, default);

        Assert.That(await _store.FetchSessionAsync(session.Id, default), Is.EqualTo(session));
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo([session]));
        Assert.That((await _store.FetchPageAsync(null, 10, default))!.Sessions, Is.EqualTo([session]));
        Assert.That((await _store.UpdateAsync(session.Id, new SessionPatch(), default)).Session, Is.EqualTo(session));
        var next = _samples.Create() with { IsBearer = session.IsBearer };
        Assert.That(
            (await _store.CreateAsync(next, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, null, default)).Evicted,
            Is.EqualTo([session])
        );
        Assert.That(await _store.DeleteAsync(next.Id, SessionMarker.None, default), Is.EqualTo(next));
        Assert.That(_reported.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_session_that_is_swept_comes_back()
    {
        var session = _samples.CreateFull() with { ExpiresAt = DateTimeOffset.UnixEpoch };
        await _store.CreateAsync(session, null, default);

        Assert.That(await _store.DeleteExpiredAsync(10, default), Is.EqualTo([session]));
    }
}
