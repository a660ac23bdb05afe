namespace Sessions.Tests.Servers;

/// <summary>
/// The one place where tests get their servers: a connection string in the environment, else a container where an engine answers, else a process on the
/// loopback interface. <c>SESSIONS_TEST_ENGINE=containers|processes</c> forces one of the latter two.
/// </summary>
internal static class TestServers
{
    public static SharedServer Redis { get; } = new RedisServer();

    public static SharedServer Postgres { get; } = new PostgresServer();

    public static Task<TestServer> RedisAsync() => Redis.GetAsync();

    public static Task<TestServer> PostgresAsync() => Postgres.GetAsync();

    private static IEnumerable<SharedServer> All => [Redis, Postgres];

    /// <summary>Which servers the run used, with their versions.</summary>
    public static string Report =>
        All.Select(static server => server.Started).OfType<TestServer>().ToArray() is { Length: > 0 } used
            ? $"Servers of this run: {string.Join(", ", used.AsEnumerable())}"
            : "Servers of this run: none";

    public static async Task StopAsync()
    {
        foreach (var server in All)
        {
            await server.StopAsync();
        }
    }
}
