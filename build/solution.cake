// The projects of the solution, and what is done with all of one kind.
using System.Diagnostics;
using System.Xml.Linq;

IReadOnlyList<FilePath> ProjectsWhere(string property) =>
    ParseSolution("Sessions.sln")
        .Projects.Where(project => project.Path.GetExtension() == ".csproj")
        .Select(project => project.Path)
        .Where(path => XDocument.Load(path.FullPath).Descendants(property).Any(element => (bool)element))
        .ToList();

int StartDotnet(IEnumerable<string> arguments)
{
    // Not Cake's StartProcess: that one joins the arguments to one string, and a quote inside an argument would end it.
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false });
    process.WaitForExit();
    return process.ExitCode;
}

void Dotnet(string[] arguments)
{
    var exitCode = StartDotnet(arguments);
    if (exitCode != 0)
    {
        throw new CakeException(exitCode, $"dotnet {string.Join(' ', arguments)} ended with exit code {exitCode}.");
    }
}

void PackAll()
{
    const string packages = "artifacts/packages";
    CleanDirectory(packages);
    var settings = new DotNetPackSettings { Configuration = Configuration, OutputDirectory = packages, NoLogo = true };
    settings.MSBuildSettings = new DotNetMSBuildSettings()
        .WithProperty("ContinuousIntegrationBuild", "true")
        .WithProperty("EnablePackageValidation", "true")
        .WithProperty("AdvisoriesAreErrors", "true");
    DotNetPack("Sessions.sln", settings);

    foreach (var project in ProjectsWhere("IsPackable").Select(path => path.GetFilenameWithoutExtension().FullPath))
    {
        foreach (var extension in new[] { "nupkg", "snupkg" })
        {
            // A digit after the name, or Sessions.Core would also answer for Sessions.Core.Something.
            if (GetFiles($"{packages}/{project}.[0-9]*.{extension}").Count != 1)
            {
                throw new CakeException($"{project} made no .{extension}.");
            }
        }
    }
}

void RunBenchmarks(string[] arguments)
{
    void Run(string project, params string[] arguments) =>
        Dotnet(["run", "--project", $"benchmarks/{project}", "--configuration", Configuration, "--no-build", "--", .. arguments]);

    if (arguments.Any(static argument => argument != "--full"))
    {
        throw new CakeException("Bench takes --full and nothing else; docs/performance.md says how to start one part.");
    }

    // The report is made of what is there: nothing of an earlier run may pass for this one's.
    CleanDirectory("artifacts/bench");
    Run("Sessions.LoadTest", arguments);
    Run("Sessions.Benchmarks", arguments);
    Run("Sessions.LoadTest", ["report", .. arguments]);
}

void CleanAll()
{
    foreach (var project in GetFiles("**/*.csproj").Select(path => path.GetDirectory()))
    {
        foreach (var folder in new[] { "bin", "obj" }.Select(name => project.Combine(name)).Where(DirectoryExists))
        {
            DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true });
        }
    }

    // The script that runs this lies in artifacts/cake.
    foreach (var folder in GetDirectories("artifacts/*").Where(path => path.GetDirectoryName() != "cake"))
    {
        DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true });
    }
}
