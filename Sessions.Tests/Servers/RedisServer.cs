using StackExchange.Redis;
using Testcontainers.Redis;

namespace Sessions.Tests.Servers;

internal sealed class RedisServer(bool inContainer = false) : SharedServer(inContainer)
{
    protected override string Name => "Redis";

    protected override string Variable => "SESSIONS_TEST_REDIS";

    protected override string Packages => "redis-server (7 or newer)";

    protected override async Task<(IAsyncDisposable, string)?> StartProcessAsync() =>
        RedisProcess.Program is null ? null
        : await RedisProcess.StartAsync() is var redis ? (redis, redis.Endpoint)
        : null;

    protected override Task<(IAsyncDisposable Running, string ConnectionString)?> StartContainerAsync() =>
        ContainerServer.StartAsync(
            static () =>
                new RedisBuilder(ContainerServer.Image("SESSIONS_TEST_REDIS_IMAGE", "redis:7"))
                    .WithLabel(ContainerServer.Label, ContainerServer.LabelValue)
                    .Build(),
            static container => container.GetConnectionString()
        );

    protected override async Task<string> ReadVersionAsync(string connectionString)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        return connection.GetServer(connection.GetEndPoints()[0]).Version.ToString();
    }
}
