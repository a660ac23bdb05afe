using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public sealed class PostgresPoolerTests
{
    [Test]
    public async Task Nothing_is_prepared_on_connections_that_a_pooler_shares_out()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var bouncer = await PgBouncerProcess.StartAsync(schema.ConnectionString, connections: 1);
        await using var store = new PostgresSessionStore(new() { ConnectionString = bouncer.ConnectionString, Schema = schema.Name });
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());

        await store.CreateAsync(samples.Create(), null, CancellationToken.None);

        await using var shared = NpgsqlDataSource.Create(bouncer.ConnectionString);
        await using var command = shared.CreateCommand("SELECT count(*) FROM pg_prepared_statements");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(0L));
    }

    [Test]
    public async Task A_multiplexing_data_source_will_do()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(schema.ConnectionString) { Multiplexing = true }
        );
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = schema.Name });
        var session = new SampleSessions(TimeProvider.System, SeededRandom.Create()).CreateFull();

        await store.CreateAsync(session, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, CancellationToken.None);

        Assert.That(await store.DeleteAllAsync("ann", null, CancellationToken.None), Is.EqualTo([session]));
    }
}
