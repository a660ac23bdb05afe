using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

public sealed class PostgresTouchTests
{
    [Test]
    public async Task Touches_of_a_day_write_heap_only_rows()
    {
        const int sessions = 1000;
        const int rounds = 20;
        await using var schema = await PostgresTestSchema.CreateAsync();
        // One connection, so that it can be told to hand in what it counted.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(schema.ConnectionString) { MaxPoolSize = 1 });
        var clock = new ManualTimeProvider();
        var samples = new SampleSessions(clock, SeededRandom.Create());
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = schema.Name }, clock);
        var ids = new List<SessionId>();
        for (var i = 0; i < sessions; i++)
        {
            // Ordinary and large ones, each with its page's share of free room.
            var session = samples.CreateFull($"user {i / 10}") with
            {
                ExpiresAt = clock.GetUtcNow().AddDays(2),
            };
            ids.Add(session.Id);
            await store.CreateAsync(
                i % 10 == 0 ? session with { Values = SessionValues.From([new("cart", new string('x', 1500))]) } : session,
                null,
                CancellationToken.None
            );
        }

        for (var i = 0; i < rounds; i++)
        {
            clock.Advance(TimeSpan.FromDays(1) / rounds);
            var now = clock.GetUtcNow();
            await store.TouchAsync(
                [
                    .. ids.Select(id => new SessionTouch
                    {
                        Id = id,
                        LastSeenAt = now,
                        ExpiresAt = now.AddDays(2),
                    }),
                ],
                CancellationToken.None
            );
        }

        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        var updated = await schema.ReadAsync<long>($"SELECT n_tup_upd FROM pg_stat_user_tables WHERE relid = '{schema.Table}'::regclass");
        var heapOnly = await schema.ReadAsync<long>(
            $"SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = '{schema.Table}'::regclass"
        );
        Assert.That((updated, heapOnly), Is.EqualTo((sessions * (long)rounds, sessions * (long)rounds)));
    }
}
