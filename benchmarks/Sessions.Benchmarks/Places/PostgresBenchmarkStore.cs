using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Sessions.Bench.Places;

/// <summary>A PostgreSQL server as Debian configures it: every commit is synced.</summary>
internal sealed class PostgresBenchmarkStore(BenchServer server) : BenchmarkStore
{
    public static async Task<BenchmarkStore?> OpenAsync() =>
        await BenchServer.StartPostgresAsync() is { } server ? new PostgresBenchmarkStore(server) : null;

    public override int MaxSessions(bool full) => full ? 1_000_000 : 100_000;

    public override void Use(SessionUpBuilder sessions) => sessions.UsePostgres(server.ConnectionString);

    public override async Task<long> UsedBytesAsync()
    {
        await QueryAsync("VACUUM public.sessions");
        return (long)(await QueryAsync("SELECT pg_total_relation_size('public.sessions')"))!;
    }

    public override async Task<long?> CountAsync() => (long?)await QueryAsync("SELECT count(*) FROM public.sessions");

    public override async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
    }

    private async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
