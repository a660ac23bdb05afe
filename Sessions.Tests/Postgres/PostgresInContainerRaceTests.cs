using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public sealed class PostgresInContainerRaceTests : PostgresRaceTests
{
    private protected override SharedServer Server => TestServers.PostgresContainer;

    // The races themselves are the same as with a process; what may differ is the server.
    protected override int Rounds => 50;
}
