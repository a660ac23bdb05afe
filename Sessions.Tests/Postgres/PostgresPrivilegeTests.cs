using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>The user of the database may not create tables.</summary>
public sealed class PostgresPrivilegeTests
{
    private PostgresTestSchema _schema = null!;
    private PostgresSessionOptions _options = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        await _schema.ExecuteAsync($"CREATE ROLE {_schema.QuotedName} LOGIN PASSWORD 'test'; CREATE SCHEMA {_schema.QuotedName}");
        _options = _schema.Options;
        _options.ConnectionString = new NpgsqlConnectionStringBuilder(_schema.ConnectionString)
        {
            Username = _schema.Name,
            Password = "test",
        }.ConnectionString;
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _schema.ExecuteAsync($"DROP OWNED BY {_schema.QuotedName}; DROP ROLE {_schema.QuotedName}");
        await _schema.DisposeAsync();
    }

    [Test]
    public async Task A_table_that_an_administrator_made_is_enough()
    {
        await _schema.ExecuteAsync(PostgresSchema.GetScript(_schema.Options));
        await _schema.ExecuteAsync(
            $"GRANT USAGE ON SCHEMA {_schema.QuotedName} TO {_schema.QuotedName};"
                + $"GRANT SELECT, INSERT, UPDATE, DELETE ON {_schema.Table}, {_schema.TagsTable} TO {_schema.QuotedName}"
        );
        await using var store = new PostgresSessionStore(_options);
        var session = new SampleSessions(TimeProvider.System, SeededRandom.Create()).CreateFull();

        await store.CreateAsync(session, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, CancellationToken.None);

        Assert.That(await store.DeleteAllAsync("ann", null, CancellationToken.None), Is.EqualTo([session]));
        Assert.That(await store.DeleteExpiredAsync(1, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_missing_table_is_a_reason_to_say_which_file_to_run()
    {
        await _schema.ExecuteAsync($"GRANT USAGE ON SCHEMA {_schema.QuotedName} TO {_schema.QuotedName}");

        Assert.That(PrepareAsync, Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("PostgresSchema.sql"));
    }

    [Test]
    public void A_schema_that_may_not_be_used_is_a_reason_to_say_which_file_to_run() =>
        Assert.That(PrepareAsync, Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("PostgresSchema.sql"));

    [Test]
    public async Task A_table_that_may_not_be_written_is_a_reason_to_say_what_to_grant()
    {
        await _schema.ExecuteAsync(PostgresSchema.GetScript(_schema.Options));
        await _schema.ExecuteAsync(
            $"GRANT USAGE ON SCHEMA {_schema.QuotedName} TO {_schema.QuotedName}; GRANT SELECT ON {_schema.Table} TO {_schema.QuotedName}"
        );

        Assert.That(
            PrepareAsync,
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("GRANT SELECT, INSERT, UPDATE, DELETE")
        );
    }

    private async Task PrepareAsync()
    {
        await using var store = new PostgresSessionStore(_options);
        await store.PrepareAsync(CancellationToken.None);
    }
}
