using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public sealed class PostgresInContainerConformanceTests : PostgresConformanceTests
{
    private protected override SharedServer Server => TestServers.PostgresContainer;
}
