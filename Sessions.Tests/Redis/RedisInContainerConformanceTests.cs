using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

public sealed class RedisInContainerConformanceTests : RedisConformanceTests
{
    private protected override SharedServer Server => TestServers.RedisContainer;
}
