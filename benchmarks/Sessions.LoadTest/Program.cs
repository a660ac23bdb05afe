using Sessions.LoadTest.Contenders;
using Sessions.LoadTest.Driving;
using Sessions.LoadTest.Report;

switch (args)
{
    case ["serve", var name, var connection] when ContenderList.Find(name) is { Configure: not null } contender:
        await ContenderSite.RunAsync(contender, connection);
        return 0;

    case ["report", .. { Length: <= 1 } rest] when rest is not [not "--full"]:
        await ResultsPage.WriteAsync($"./build.sh Bench {string.Join(' ', rest)}".TrimEnd());
        return 0;
}

if (LoadTestOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(LoadTestOptions.Usage);
    Console.Error.WriteLine($"Contenders: {string.Join(", ", ContenderList.List.Select(static contender => contender.Name))}");
    return 2;
}

if (!Wrk.IsInstalled || !Cores.AreEnough)
{
    const string needs = "the load test needs wrk, taskset (util-linux) and two processor cores";
    Console.WriteLine($"Not measured: {needs}.");
    await LoadReport.CreateEmpty(needs).SaveAsync("10-load");
    return 0;
}

await using var run = new LoadTestRun(options);
await LoadReport.Create(await run.RunAsync(), options).SaveAsync("10-load");
return 0;
