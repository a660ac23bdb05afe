using DotNet.Testcontainers.Builders;
using Sessions.Tests.Servers.Containers;

namespace Sessions.Tests.Servers;

internal sealed partial class PostgresServer
{
    private const string Password = "sessions";

    protected override Task<(IAsyncDisposable Running, string ConnectionString)?> StartContainerAsync() =>
        ContainerServer.StartAsync(
            "postgres:15",
            5432,
            // While the image sets itself up, its server listens on a socket only.
            Wait.ForUnixContainer().UntilCommandIsCompleted("pg_isready", "--host", "127.0.0.1"),
            static (host, port) => $"Host={host};Port={port};Username=postgres;Password={Password};Database=postgres",
            static container => container.WithEnvironment("POSTGRES_PASSWORD", Password)
        );
}
