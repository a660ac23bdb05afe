using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Sessions.Bench.Places;

/// <summary>A Redis server without persistence.</summary>
internal sealed class RedisBenchmarkStore(BenchServer server, ConnectionMultiplexer connection) : BenchmarkStore
{
    public static async Task<BenchmarkStore?> OpenAsync()
    {
        if (await BenchServer.StartRedisAsync() is not { } server)
        {
            return null;
        }

        var configuration = ConfigurationOptions.Parse($"{server.ConnectionString},allowAdmin=true");
        return new RedisBenchmarkStore(server, await ConnectionMultiplexer.ConnectAsync(configuration));
    }

    /// <summary>
    /// A connection beside the store's, for the yardstick; the driver counts INFO among what only administrators may ask.
    /// </summary>
    public IDatabase Database => connection.GetDatabase();

    public override int MaxSessions(bool full) => 1_000_000;

    public override void Use(SessionUpBuilder sessions) => sessions.UseRedis(server.ConnectionString);

    public override async Task<long> UsedBytesAsync()
    {
        var info = (await Server.InfoAsync("memory")).SelectMany(static group => group);
        return long.Parse(info.Single(static pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }

    public override async Task<long?> CountAsync() => await Server.DatabaseSizeAsync();

    public override async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await server.DisposeAsync();
    }

    private IServer Server => connection.GetServer(connection.GetEndPoints()[0]);
}
