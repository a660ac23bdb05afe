using DotNet.Testcontainers.Builders;
using Sessions.Tests.Servers.Containers;

namespace Sessions.Tests.Servers;

internal sealed partial class RedisServer
{
    protected override Task<(IAsyncDisposable Running, string ConnectionString)?> StartContainerAsync() =>
        ContainerServer.StartAsync(
            "redis:7",
            6379,
            Wait.ForUnixContainer().UntilMessageIsLogged("Ready to accept connections"),
            static (host, port) => $"{host}:{port}"
        );
}
