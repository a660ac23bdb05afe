using NUnit.Framework;
using Sessions.Tests.Servers;

// Fixtures that are [Parallelizable] have servers of their own and mostly wait for them, whatever the number of cores.
[assembly: LevelOfParallelism(6)]

// In the root namespace of the tests: NUnit runs a fixture like this around everything below its namespace.
namespace Sessions.Tests;

[SetUpFixture]
public sealed class TestServersSetUpFixture
{
    [OneTimeTearDown]
    public async Task Report_and_stop()
    {
        await TestContext.Progress.WriteLineAsync(TestServers.Report);
        await TestServers.StopAsync();
    }
}
