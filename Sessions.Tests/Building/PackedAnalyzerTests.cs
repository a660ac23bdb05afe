using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using NUnit.Framework;

namespace Sessions.Tests.Building;

/// <summary>The analyzer has no package of its own and reaches every application that references one of ours.</summary>
public sealed class PackedAnalyzerTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("sessions-packed-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task The_core_brings_the_analyzer_and_its_code_fix()
    {
        await using var package = await PackAsync("Sessions.Core");

        Assert.That(
            package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("analyzers/", StringComparison.Ordinal)),
            Is.EquivalentTo(["analyzers/dotnet/cs/Sessions.Analyzers.dll", "analyzers/dotnet/cs/Sessions.Analyzers.CodeFixes.dll"])
        );
    }

    [Test]
    public async Task A_package_of_a_store_passes_on_the_analyzer_of_the_core()
    {
        await using var package = await PackAsync("Sessions.Memory");
        await using var text = await package.GetEntry("Sessions.Memory.nuspec")!.OpenAsync();
        var core = XDocument.Load(text).Descendants().Single(element => (string?)element.Attribute("id") == "Sessions.Core");

        Assert.That((string?)core.Attribute("exclude"), Is.Null);
        Assert.That((string?)core.Attribute("include"), Is.EqualTo("All"));
    }

    /// <summary>Packs what these tests were built with, and builds nothing.</summary>
    private async Task<ZipArchive> PackAsync(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string[] arguments =
        [
            "pack",
            Repository.PathOf(project),
            "--no-build",
            "--configuration",
            configuration,
            "--output",
            _folder,
            $"--property:NuspecOutputPath={_folder}/",
            "-nodeReuse:false",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, output);
        return await ZipFile.OpenReadAsync(Directory.GetFiles(_folder, "*.nupkg").Single());
    }
}
