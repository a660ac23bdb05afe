using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public sealed class PostgresRoundTripTests
{
    private static IEnumerable<TestCaseData<Call>> Calls =>
        [
            Case("create", static (store, samples) => store.CreateAsync(samples.Create(), null, default)),
            Case("create a visitor's", static (store, samples) => store.CreateAsync(samples.Create(null), null, default)),
            Case(
                "create and end",
                static (store, samples) =>
                    store.CreateAsync(samples.Create(), new() { Max = 2, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, default)
            ),
            Case(
                "create or refuse",
                static (store, samples) =>
                    store.CreateAsync(samples.Create(), new() { Max = 99, Policy = SessionLimitPolicy.Refuse }, default)
            ),
            Case("fetch", static (store, samples) => store.FetchSessionAsync(samples.NewId("ann"), default)),
            Case("fetch all", static (store, samples) => store.FetchAllAsync("ann", default)),
            Case(
                "update",
                static (store, samples) =>
                    store.UpdateAsync(samples.NewId("ann"), new() { Values = ValuesPatch.Empty.Set("a", "b") }, default)
            ),
            Case(
                "touch",
                static async (store, samples) =>
                {
                    var now = samples.Create().CreatedAt;
                    await store.TouchAsync(
                        [
                            .. Enumerable
                                .Range(0, 500)
                                .Select(_ => new SessionTouch
                                {
                                    Id = samples.NewId("ann"),
                                    LastSeenAt = now,
                                    ExpiresAt = now,
                                }),
                        ],
                        default
                    );
                    return true;
                }
            ),
            Case("delete", static (store, samples) => store.DeleteAsync(samples.NewId("ann"), default)),
            Case("delete all", static (store, samples) => store.DeleteAllAsync("ann", null, default)),
            Case("delete all but one", static (store, samples) => store.DeleteAllAsync("ann", samples.NewId("ann"), default)),
            Case("page", static (store, samples) => store.FetchPageAsync(samples.NewId("ann").ToString(), 100, default)),
            Case("sweep", static (store, samples) => store.DeleteExpiredAsync(1000, default)),
        ];

    [TestCaseSource(nameof(Calls))]
    public async Task A_call_is_one_round_trip(Call call)
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var proxy = new PostgresProxy(schema.ConnectionString);
        await using var store = new PostgresSessionStore(OneConnection(schema, proxy, null), TimeProvider.System);

        // The first time on a connection the statement is prepared.
        await call.Make(store);

        Assert.That(await CountAsync(proxy, store, call), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Calls))]
    public async Task A_call_that_may_not_prepare_its_statement_is_one_round_trip(Call call)
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var proxy = new PostgresProxy(schema.ConnectionString);
        await using var store = new PostgresSessionStore(OneConnection(schema, proxy, false), TimeProvider.System);
        await store.PrepareAsync(CancellationToken.None);

        Assert.That(await CountAsync(proxy, store, call), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Calls))]
    public async Task A_call_on_the_applications_own_connections_is_one_round_trip(Call call)
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var proxy = new PostgresProxy(schema.ConnectionString);
        await using var source = NpgsqlDataSource.Create(OneConnection(schema, proxy, null).ConnectionString!);
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = schema.Name }, TimeProvider.System);
        await call.Make(store);

        Assert.That(await CountAsync(proxy, store, call), Is.EqualTo(1));
    }

    [Test]
    public async Task Statements_are_prepared_once_on_a_connection()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(schema.ConnectionString) { MaxPoolSize = 1 });
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = schema.Name });
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());

        for (var i = 0; i < 3; i++)
        {
            await store.FetchSessionAsync(samples.NewId("ann"), CancellationToken.None);
        }

        await using var command = source.CreateCommand("SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.That((reader.GetInt64(0), reader.GetDecimal(1)), Is.EqualTo((1L, 3m)));
    }

    private static PostgresSessionOptions OneConnection(PostgresTestSchema schema, PostgresProxy proxy, bool? prepare) =>
        new()
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(proxy.ConnectionString) { MaxPoolSize = 1 }.ConnectionString,
            Schema = schema.Name,
            PrepareStatements = prepare,
        };

    private static async Task<int> CountAsync(PostgresProxy proxy, PostgresSessionStore store, Call call)
    {
        var before = proxy.RoundTrips;
        await call.Make(store);
        return proxy.RoundTrips - before;
    }

    private static TestCaseData<Call> Case<T>(string name, Func<PostgresSessionStore, SampleSessions, ValueTask<T>> make)
    {
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        return new TestCaseData<Call>(new(name, async store => await make(store, samples))).SetArgDisplayNames(name);
    }

    public sealed record Call(string Name, Func<PostgresSessionStore, Task> Make);
}
