using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>What a row may hold, whichever program wrote it.</summary>
internal sealed class PostgresCorruptRecordTests : SweptCorruptRecordTests<PostgresCorruptRecordBackend>
{
    [Test]
    public async Task A_record_without_an_end_lasts()
    {
        var session = await CreateAsync();
        await Backend.DamageAsync(session, "expires_at = 'infinity', ends_at = 'infinity', created_at = '-infinity'");

        Assert.That((await Store.FetchSessionAsync(session.Id, Token))?.CreatedAt, Is.EqualTo(DateTimeOffset.MinValue));
    }
}

internal sealed class PostgresCorruptRecordBackend : CorruptRecordBackend
{
    private const string WithoutUser = "user_key = ''";

    private PostgresTestSchema _schema = null!;

    public override IReadOnlyList<string> Damages =>
        [
            "credential = ''",
            "credential = '\\x00'",
            "format = 2",
            "last_agent = '\\x00'",
            "\"values\" = '5'",
            "\"values\" = 'null'",
            "\"values\" = '{\"a\": 1}'",
            WithoutUser,
            "created_at = '4000-01-01 BC'",
            "idle_timeout_ms = 9223372036854775807",
        ];

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time, CorruptRecordReporter reporter)
    {
        _schema = await PostgresTestSchema.CreateAsync();
        return new PostgresSessionStore(_schema.Options, time, reporter: reporter);
    }

    public override async ValueTask DamageAsync(Session session, string damage) => await _schema.DamageAsync(session.Id, damage);

    public override async ValueTask<long> CountRecordsAsync() => await _schema.ReadAsync<long>($"SELECT count(*) FROM {_schema.Table}");

    // Whatever the driver or the type of a field throws.
    public override Type DamageException => typeof(Exception);

    public override bool HidesUser(string damage) => damage == WithoutUser;

    public override ValueTask DisposeAsync() => _schema.DisposeAsync();
}
