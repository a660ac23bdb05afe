// Records the public API of the packages: what the analyzer finds undeclared is written into PublicAPI.Unshipped.txt beside each project.
using System.Text.RegularExpressions;

void RecordPublicApi()
{
    const string Header = "#nullable enable";
    var projects = ProjectsWhere("IsPackable");
    string FileOf(FilePath project, string name) => project.GetDirectory().CombineWithFilePath($"PublicAPI.{name}.txt").FullPath;
    foreach (var project in projects)
    {
        System.IO.File.WriteAllText(FileOf(project, "Unshipped"), Header + "\n");
    }

    // Warnings and not errors, or a package would not be compiled that needs another one.
    var start = new ProcessStartInfo(
        "dotnet",
        ["build", "Sessions.sln", "-c", Configuration, "--no-incremental", "-nologo", "-v", "q", "-clp:NoSummary", "-p:RecordsPublicApi=true"]
    )
    {
        RedirectStandardOutput = true,
        UseShellExecute = false,
    };
    using var process = Process.Start(start);
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        throw new CakeException(process.ExitCode, output);
    }

    var undeclared = Regex.Matches(output, @"RS0016: Symbol '(?<symbol>.*)' is not part of the declared public API .*\[(?<project>[^\]]*)\]");
    foreach (var package in undeclared.GroupBy(match => match.Groups["project"].Value))
    {
        var symbols = package.Select(match => match.Groups["symbol"].Value).Distinct().Order(StringComparer.Ordinal);
        System.IO.File.WriteAllText(FileOf(package.Key, "Unshipped"), string.Join('\n', symbols.Prepend(Header)) + "\n");
        Information($"{System.IO.Path.GetFileNameWithoutExtension(package.Key)}: {symbols.Count()} members");
    }

    // A member that was released and is gone stays in PublicAPI.Shipped.txt: the next build says so (RS0017), and a person decides.
}
