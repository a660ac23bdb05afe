using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

public sealed class RedisInContainerRaceTests : RedisRaceTests
{
    private protected override SharedServer Server => TestServers.RedisContainer;

    // The races themselves are the same as with a process; what may differ is the server.
    protected override int Rounds => 50;
}
