using Npgsql;
using Sessions.Postgres;
using Sessions.Tests.Servers;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>
/// A store with one connection: while the test holds that, the first caller waits alone and all others are gathered, so that tests decide
/// who comes together.
/// </summary>
internal sealed class PostgresBatchFixture : IAsyncDisposable
{
    private readonly PostgresProxy _proxy;
    private readonly NpgsqlDataSource _source;

    private PostgresBatchFixture(PostgresTestSchema schema, TimeProvider clock)
    {
        Schema = schema;
        _proxy = new PostgresProxy(schema.ConnectionString);
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_proxy.ConnectionString) { MaxPoolSize = 1 });
        var options = new PostgresSessionOptions
        {
            DataSource = _source,
            Schema = schema.Name,
            PrepareStatements = false,
        };
        Store = new PostgresSessionStore(options, clock, CorruptRecords.Reporter);
    }

    public PostgresTestSchema Schema { get; }

    public CorruptRecordLog CorruptRecords { get; } = new();

    public PostgresSessionStore Store { get; }

    public static async Task<PostgresBatchFixture> CreateAsync(TimeProvider clock) => new(await PostgresTestSchema.CreateAsync(), clock);

    /// <summary>Takes the connection.</summary>
    public ValueTask<NpgsqlConnection> HoldConnectionAsync() => _source.OpenConnectionAsync(Token);

    /// <summary>Gives the connection back, and ends when all have what they waited for, be it a failure.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection held, IEnumerable<Task> calls)
    {
        await held.DisposeAsync();
        await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Token);
    }

    /// <summary>How many round trips something takes.</summary>
    public async Task<int> CountRoundTripsAsync(Func<Task> call)
    {
        var before = _proxy.RoundTrips;
        await call();
        return _proxy.RoundTrips - before;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _source.DisposeAsync();
        await _proxy.DisposeAsync();
        await Schema.DisposeAsync();
    }
}
