// Runs the test projects and believes what they wrote down, not what they printed.
using System.Xml.Linq;

public sealed record TestCounts(int Passed, int Failed, int Skipped, string Servers);

// One start of the test runner, by the arguments of dotnet. Its name stands for it in the report and in minimum-tests.txt.
public sealed record TestRun(string Name, string[] Command);

const string TestFolder = "artifacts/tests";

// A test of the category Long (Sessions.Tests/TestCategories.cs) waits for minutes of real time.
const string WithoutLongTests = "TestCategory!=Long";

IReadOnlyList<TestRun> ProjectRuns(string filter = "") =>
    ProjectsWhere("IsTestProject")
        .Select(project => new TestRun(
            project.GetFilenameWithoutExtension().FullPath,
            ["test", project.FullPath, "--no-build", "--configuration", Configuration, .. filter == "" ? Array.Empty<string>() : ["--filter", filter]]
        ))
        .ToList();

void RunTests(IReadOnlyList<TestRun> runs, string[] arguments)
{
    var minimums = ReadMinimums();
    var counts = new List<TestCounts>();
    var failures = new List<string>();
    CleanDirectory(TestFolder);

    // Far beyond the slowest test: a run that hangs ends and names the test it hung in.
    var hangTimeout = EnvironmentVariable("SESSIONS_TEST_EFFORT") is null ? "10m" : "60m";

    foreach (var (name, command) in runs)
    {
        var exitCode = StartDotnet(
            [
                .. command,
                .. new[] { "--nologo", "--results-directory", TestFolder, "--logger", $"trx;LogFileName={name}.trx" },
                .. new[] { "--blame-hang-timeout", hangTimeout, "--blame-hang-dump-type", "none" },
                .. arguments,
            ]
        );

        Console.WriteLine($"{name}:");
        var (count, problems) = ReadTrx($"{TestFolder}/{name}.trx");
        counts.Add(count);
        failures.AddRange(problems.Select(problem => $"{name}: {problem}"));
        if (exitCode != 0 && count.Failed == 0 && problems.Count == 0)
        {
            failures.Add($"{name}: the test run ended with exit code {exitCode} though no test failed");
        }

        // A selection of tests has no minimum.
        var ran = count.Passed + count.Failed;
        if (arguments.Length == 0 && (!minimums.TryGetValue(name, out var minimum) || ran < minimum))
        {
            failures.Add($"{name}: {ran} tests ran, build/minimum-tests.txt asks for {(minimums.ContainsKey(name) ? minimum : "a line of its own")}");
        }
    }

    WriteTestSummary(counts);
    if (runs.Count == 0)
    {
        failures.Add("The solution has no test project");
    }

    if (counts.Sum(count => count.Failed) is > 0 and var failed)
    {
        failures.Add($"{failed} {(failed == 1 ? "test" : "tests")} failed");
    }

    if (failures.Count > 0)
    {
        throw new CakeException(string.Join('\n', failures));
    }
}

void WriteTestSummary(IReadOnlyCollection<TestCounts> counts)
{
    EnsureDirectoryExists(TestFolder);
    System.IO.File.WriteAllText(
        $"{TestFolder}/summary.txt",
        string.Concat(counts.Select(count => count.Servers))
            + $"{counts.Sum(count => count.Passed)} passed, {counts.Sum(count => count.Failed)} failed, {counts.Sum(count => count.Skipped)} skipped\n"
    );
}

Dictionary<string, int> ReadMinimums() =>
    System.IO.File.ReadLines("build/minimum-tests.txt")
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => int.Parse(parts[1]));

(TestCounts Count, List<string> Problems) ReadTrx(string path)
{
    if (!FileExists(path))
    {
        return (new TestCounts(0, 0, 0, ""), ["the test run left no trx file"]);
    }

    var problems = new List<string>();
    var run = XDocument.Load(path).Root;
    XName Name(string local) => run.Name.Namespace + local;

    var results = run.Descendants(Name("UnitTestResult")).ToLookup(result => (string)result.Attribute("outcome"));
    var skipped = results["NotExecuted"].ToList();
    foreach (var test in skipped)
    {
        var reason = test.Descendants(Name("Message")).FirstOrDefault()?.Value ?? test.Descendants(Name("StdOut")).FirstOrDefault()?.Value;
        Console.WriteLine($"Skipped {test.Attribute("testName").Value}: {reason?.Trim() ?? "no reason given"}");
    }

    PrintStores(run, results);
    var servers = run.Descendants(Name("StdOut")).SelectMany(text => text.Value.Split('\n')).Where(line => line.StartsWith("Servers of this run:"));
    var report = string.Concat(servers.Select(line => $"{line.Trim()}\n"));

    // Whatever is neither passed nor skipped has failed, by whatever name the runner calls it.
    var all = results.Sum(group => group.Count());
    var passed = results["Passed"].Count();
    if (all == 0)
    {
        problems.Add("the test run found no tests");
    }

    var summary = run.Descendants(Name("ResultSummary")).Single();
    var outcome = (string)summary.Attribute("outcome");
    if (outcome is not ("Completed" or "Failed"))
    {
        problems.Add($"the test run ended as {outcome}");
    }

    problems.AddRange(
        summary
            .Descendants(Name("RunInfo"))
            .Where(info => (string)info.Attribute("outcome") == "Error")
            .Select(info => info.Value.Trim().Split('\n')[0])
            .Where(text => text.Contains("abort", StringComparison.OrdinalIgnoreCase) || text.Contains("crash", StringComparison.OrdinalIgnoreCase))
    );
    return (new TestCounts(passed, all - passed - skipped.Count, skipped.Count, report), problems);
}

// How each store fared: its tests are those in its namespace.
void PrintStores(XElement run, ILookup<string, XElement> results)
{
    var classes = run.Descendants(run.Name.Namespace + "UnitTest")
        .ToDictionary(
            test => (string)test.Attribute("id"),
            test => (string)test.Element(run.Name.Namespace + "TestMethod").Attribute("className")
        );
    int Count(string store, params string[] outcomes) =>
        outcomes.Sum(outcome =>
            results[outcome].Count(result => classes[(string)result.Attribute("testId")].StartsWith($"Sessions.Tests.{store}."))
        );

    var others = results.Select(group => group.Key).Except(["Passed", "NotExecuted"]).ToArray();
    foreach (var store in new[] { "Memory", "Sqlite", "LiteDb", "Redis", "Postgres" })
    {
        var (passed, failed, skipped) = (Count(store, "Passed"), Count(store, others), Count(store, "NotExecuted"));
        if (passed + failed + skipped > 0)
        {
            Console.WriteLine($"{store, -9} passed {passed, 5}   failed {failed, 3}   skipped {skipped, 3}");
        }
    }
}
