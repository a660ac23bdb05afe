using Npgsql;

namespace Sessions.Tests.Postgres;

/// <summary>Another program's transaction that holds a row, so that a call of a store waits.</summary>
internal sealed class PostgresRowLock : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly NpgsqlConnection _connection;
    private readonly string _table;

    private PostgresRowLock(NpgsqlDataSource dataSource, NpgsqlConnection connection, string table)
    {
        (_dataSource, _connection, _table) = (dataSource, connection, table);
    }

    public static async Task<PostgresRowLock> AcquireAsync(PostgresTestSchema schema, SessionId id)
    {
        var source = NpgsqlDataSource.Create(schema.ConnectionString);
        var held = new PostgresRowLock(source, await source.OpenConnectionAsync(), schema.Table);
        await held.ExecuteAsync("BEGIN");
        await held.AcquireAnotherAsync(id);
        return held;
    }

    public Task AcquireAnotherAsync(SessionId id) => ExecuteAsync($"SELECT FROM {_table} WHERE id = '{id}' FOR UPDATE");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends when a call waits for this lock, or for what <paramref name="process"/> holds.</summary>
    /// <returns>The process of the server that waits.</returns>
    public async Task<int> WaitForBlockedProcessAsync(CancellationToken cancellationToken, int? process = null)
    {
        // The server has no way to tell when somebody begins to wait. Each question takes it a while, so asking again is no tight loop.
        await using var command = _dataSource.CreateCommand(
            $"SELECT pid FROM pg_stat_activity WHERE {process ?? _connection.ProcessID} = ANY (pg_blocking_pids(pid)) LIMIT 1"
        );
        while (true)
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is int waiter)
            {
                return waiter;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _dataSource.DisposeAsync();
    }
}
