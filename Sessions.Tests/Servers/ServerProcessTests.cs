using NUnit.Framework;

namespace Sessions.Tests.Servers;

public sealed class ServerProcessTests
{
    [Test]
    public async Task A_shared_server_says_its_version()
    {
        var server = await TestServers.RedisAsync();

        Assert.That(Version.Parse(server.Version).Major, Is.GreaterThanOrEqualTo(7));
        Assert.That(TestServers.Report, Does.Contain(server.ToString()));
    }
}
