using Npgsql;
using Sessions.Postgres;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>A schema of its own on the shared server for each test, removed with its tables.</summary>
internal sealed class PostgresTestSchema : IAsyncDisposable
{
    private static int _count;
    private readonly NpgsqlDataSource _dataSource;

    private PostgresTestSchema(string connectionString)
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20 }.ConnectionString;
        _dataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    /// <summary>Different in every run, as a server that outlives the run may have some left of one that was killed.</summary>
    public string Name { get; } = $"Test {Environment.ProcessId} \"{Interlocked.Increment(ref _count)}\"";

    public PostgresSessionOptions Options => new() { ConnectionString = ConnectionString, Schema = Name };

    /// <summary>The table, quoted.</summary>
    public string Table => $"{QuotedName}.sessions";

    public string QuotedName => $"\"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static async Task<PostgresTestSchema> CreateAsync() => new((await TestServers.PostgresAsync()).ConnectionString);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {QuotedName} CASCADE");
        await _dataSource.DisposeAsync();
    }
}
