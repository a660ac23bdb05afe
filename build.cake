// The build. `./build.sh <target> [arguments]` and `./build.ps1` start it; CONTRIBUTING.md says what each target is for.
#load build/solution.cake
#load build/servers.cake
#load build/containers.cake
#load build/test-report.cake
#load build/newest-drivers.cake
#load build/public-api.cake

const string Configuration = "Release";

var target = Argument("target", "Build");

// Whatever followed the target on the command line, for the tool that the target starts.
var arguments = EnvironmentVariable("BUILD_ARGUMENTS", "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

// The last line of a test run is owed even if the build breaks before the first test.
if (target.StartsWith("Test", StringComparison.OrdinalIgnoreCase))
{
    WriteTestSummary([]);
}

Task("Restore")
    .Description("Restores the packages of the solution.")
    .Does(() => DotNetRestore("Sessions.sln"));

Task("Build")
    .Description("Builds the solution. Warnings are errors.")
    .IsDependentOn("Restore")
    .Does(() => DotNetBuild("Sessions.sln", new DotNetBuildSettings { Configuration = Configuration, NoRestore = true, NoLogo = true }));

Task("Demo")
    .Description("Builds the demo; build.sh and build.ps1 then run it with the arguments (default: http://localhost:5080).")
    .Does(() => DotNetBuild("samples/Sessions.Demo", new DotNetBuildSettings { Configuration = Configuration, NoLogo = true }));

Task("Test")
    .Description("Installs the servers that tests need, where it may, and runs all tests but the longest, or those that the arguments of `dotnet test` select (--filter ...).")
    .IsDependentOn("Build")
    .Does(() => ProvideServers())
    .Does(() => WithContainers(() => RunTests(TestRuns(arguments, WithoutLongTests), arguments)));

Task("TestAll")
    .Description("All tests, 20 times as deep: races, random sequences, stress tests of several nodes, killed processes. Takes about half an hour.")
    .IsDependentOn("Build")
    .Does(() => ProvideServers())
    .Does(() =>
    {
        Environment.SetEnvironmentVariable("SESSIONS_TEST_EFFORT", "20");
        WithContainers(() => RunTests(TestRuns(arguments), arguments));
    });

Task("Pack")
    .Description("Packs every package into artifacts/packages.")
    .IsDependentOn("Build")
    .Does(() => PackAll());

Task("Bench")
    .Description("Measures for about half an hour (--full: about an hour), and writes benchmarks/RESULTS.md.")
    .IsDependentOn("Build")
    .Does(() => ProvideServers(loadProgram))
    .Does(() => RunBenchmarks(arguments));

Task("Format")
    .Description("Formats all code; --check only says what is not formatted.")
    .Does(() => Dotnet(["csharpier", arguments.Contains("--check") ? "check" : "format", "."]));

Task("RecordPublicApi")
    .Description("Writes the public API of the packages, as it is now, into their PublicAPI.Unshipped.txt.")
    .IsDependentOn("Restore")
    .Does(() => RecordPublicApi());

Task("Clean")
    .Description("Deletes what the build made.")
    .Does(() => CleanAll());

RunTarget(target);
