using Npgsql;
using Sessions.Postgres;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>A schema of its own on a shared server for each test, removed with its tables.</summary>
public sealed class PostgresTestSchema : IAsyncDisposable
{
    private static int _count;
    public NpgsqlDataSource DataSource { get; }

    private PostgresTestSchema(string connectionString)
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20 }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    /// <summary>Different in every run, as a server that outlives the run may have some left of one that was killed.</summary>
    public string Name { get; } = $"Test {Environment.ProcessId} \"{Interlocked.Increment(ref _count)}\"";

    public PostgresSessionOptions Options => new() { ConnectionString = ConnectionString, Schema = Name };

    /// <summary>The table, quoted.</summary>
    public string Table => $"{QuotedName}.sessions";

    public string TagsTable => $"{QuotedName}.sessions_tags";

    public string QuotedName => $"\"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static Task<PostgresTestSchema> CreateAsync() => CreateAsync(TestServers.Postgres);

    internal static async Task<PostgresTestSchema> CreateAsync(SharedServer server) => new((await server.GetAsync()).ConnectionString);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Makes the record of a session unreadable.</summary>
    /// <returns>How many records of that id there are.</returns>
    public async Task<int> DamageAsync(SessionId id, string damage)
    {
        await using var command = DataSource.CreateCommand($"UPDATE {Table} SET {damage} WHERE id = '{id}'");
        return await command.ExecuteNonQueryAsync();
    }

    public Task DropAsync() => ExecuteAsync($"DROP SCHEMA IF EXISTS {QuotedName} CASCADE");

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        await DataSource.DisposeAsync();
    }
}
