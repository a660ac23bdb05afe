using System.Collections.Concurrent;

namespace Sessions.Tests.Servers;

/// <summary>
/// The one place where tests get their servers: a connection string in the environment, else a process on the loopback interface, else a
/// container where an engine answers. <c>SESSIONS_TEST_ENGINE=containers|processes</c> forces one of the latter two. Some tests want a
/// container and nothing else.
/// </summary>
internal static class TestServers
{
    public static SharedServer Redis { get; } = new RedisServer();

    public static SharedServer RedisContainer { get; } = new RedisServer(inContainer: true);

    public static SharedServer Postgres { get; } = new PostgresServer();

    public static SharedServer PostgresContainer { get; } = new PostgresServer(inContainer: true);

    public static Task<TestServer> RedisAsync() => Redis.GetAsync();

    public static Task<TestServer> PostgresAsync() => Postgres.GetAsync();

    private static readonly ConcurrentDictionary<string, byte> Used = new();

    private static readonly Lazy<Task<RedisCluster>> Cluster = new(RedisCluster.StartAsync);

    /// <summary>Three primaries, always as processes: containers would announce addresses that only they can reach.</summary>
    public static Task<RedisCluster> RedisClusterAsync() => Cluster.Value;

    private static readonly Lazy<Task<PgBouncerProcess>> PgBouncer = new(static async () =>
        await PgBouncerProcess.StartAsync((await PostgresAsync()).ConnectionString, connections: 3)
    );

    /// <summary>A pooler with three connections before the shared PostgreSQL.</summary>
    public static Task<PgBouncerProcess> PgBouncerAsync() => PgBouncer.Value;

    private static IEnumerable<SharedServer> All => [Redis, RedisContainer, Postgres, PostgresContainer];

    /// <summary>Which servers the run used, with their versions.</summary>
    public static string Report =>
        Used.IsEmpty ? "Servers of this run: none" : $"Servers of this run: {string.Join(", ", Used.Keys.Order(StringComparer.Ordinal))}";

    /// <summary>Notes a server for the report.</summary>
    public static void RecordUse(string server) => Used.TryAdd(server, 0);

    public static async Task StopAsync()
    {
        if (Cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Cluster.Value).DisposeAsync();
        }

        if (PgBouncer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await PgBouncer.Value).DisposeAsync();
        }

        await RedisCluster.StopNextAsync();
        foreach (var server in All)
        {
            await server.StopAsync();
        }
    }
}
