// The tests of Redis once more, with the newest driver. Sessions.Redis.dll stays the one that was compiled against the floor: an application runs the same
// file with the driver that it chose.

// A selection of tests runs with the drivers that the packages name.
IReadOnlyList<TestRun> TestRuns(string[] arguments, string filter = "") =>
    arguments.Length > 0 ? ProjectRuns() : [.. ProjectRuns(filter), BuildNewestDriversRun()];

TestRun BuildNewestDriversRun()
{
    var settings = new DotNetBuildSettings { Configuration = Configuration, NoLogo = true };
    settings.MSBuildSettings = new DotNetMSBuildSettings().WithProperty("NewestDrivers", "true").WithProperty("BuildProjectReferences", "false");
    DotNetBuild("Sessions.Tests", settings);

    // Races, pages and containers are about the scripts and the server, not about the driver;
    // nodes are processes of the demo, which has the driver that it was built with.
    string[] leftOut = ["InContainer", "RaceTests", "PageTests", "RedisLifecycleTests", "DisconnectedNodeTests"];
    var filter = $"FullyQualifiedName~Sessions.Tests.Redis{string.Concat(leftOut.Select(name => $"&FullyQualifiedName!~{name}"))}";
    return new TestRun(
        "Sessions.Tests.NewestDrivers",
        ["test", "artifacts/newest-drivers/bin/Sessions.Tests/release/Sessions.Tests.dll", "--filter", filter]
    );
}
