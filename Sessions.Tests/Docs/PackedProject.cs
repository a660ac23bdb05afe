using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Docs;

/// <summary>
/// A project outside the repository, as a user has one. It takes this build's packages from a folder, and all others from those that this
/// machine has.
/// </summary>
internal sealed class PackedProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-packed-");

    private string Packages => Path.Combine(_folder.FullName, "packages");

    private string Cache => Path.Combine(_folder.FullName, "cache");

    /// <summary>Where the projects are, a folder each.</summary>
    public string PathOf(params string[] path) => Path.Combine([_folder.FullName, .. path]);

    /// <summary>Packs what was built.</summary>
    public static async Task<PackedProject> PackAsync(CancellationToken cancellationToken, params string[] projects)
    {
        var packed = new PackedProject();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var paths = string.Join(';', projects.Select(project => Repository.PathOf($"{project}/{project}.csproj")));
        await File.WriteAllTextAsync(
            packed.PathOf("pack.proj"),
            $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{paths}" Targets="Pack" Properties="Configuration={configuration};NoBuild=true;PackageOutputPath={packed.Packages}" />
              </Target>
            </Project>
            """,
            cancellationToken
        );
        await packed.RunAsync(".", cancellationToken, "msbuild", "pack.proj", "-t:Pack", "-nodeReuse:false", "-nologo", "-v:q");
        // No package of ours may come from elsewhere, and none of this run may stay on the machine.
        var global = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            packed.PathOf("NuGet.config"),
            $"""
            <configuration>
              <packageSources><add key="packed" value="{packed.Packages}" /></packageSources>
              <fallbackPackageFolders><add key="global" value="{global}" /></fallbackPackageFolders>
            </configuration>
            """,
            cancellationToken
        );
        return packed;
    }

    /// <summary>Makes a project of a template, with the packages that it needs and one source file.</summary>
    public async Task CreateAsync(
        string template,
        string name,
        string file,
        string code,
        CancellationToken cancellationToken,
        params string[] packages
    )
    {
        await RunAsync(".", cancellationToken, "new", template, "--output", name, "--no-restore");
        foreach (var generated in Directory.GetFiles(PathOf(name), "*.cs"))
        {
            File.Delete(generated);
        }

        await File.WriteAllTextAsync(PathOf(name, file), code, cancellationToken);
        var project = PathOf(name, $"{name}.csproj");
        var references = packages.Select(package => $"""<PackageReference Include="{package}" Version="{VersionOf(package)}" />""");
        var text = await File.ReadAllTextAsync(project, cancellationToken);
        await File.WriteAllTextAsync(
            project,
            text.Replace("</Project>", $"<ItemGroup>{string.Concat(references)}</ItemGroup></Project>", StringComparison.Ordinal),
            cancellationToken
        );
    }

    /// <summary>Runs <c>dotnet</c> in a project's folder, to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="AssertionException">It failed.</exception>
    public async Task<string> RunAsync(string name, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = PathOf(name),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(IsOfThisRun).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["NUGET_PACKAGES"] = Cache;
        // No server of the build may outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["NuGetAudit"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (
                process.StandardOutput.ReadToEndAsync(cancellationToken),
                process.StandardError.ReadToEndAsync(cancellationToken)
            );
            await process.WaitForExitAsync(cancellationToken);
            var said = await output + await error;
            return process.ExitCode == 0 ? said : throw new AssertionException($"dotnet {string.Join(' ', arguments)}: {said}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>That a package in use is the one that was packed here, and none of the same name from another source.</summary>
    public void AssertPacked(string package)
    {
        var metadata = Path.Combine(Cache, package.ToLowerInvariant(), VersionOf(package), ".nupkg.metadata");
        using var content = JsonDocument.Parse(File.ReadAllText(metadata));
        Assert.That(content.RootElement.GetProperty("source").GetString(), Is.EqualTo(Packages), package);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The version that was packed, or the pinned one of a package that is not ours.</summary>
    private string VersionOf(string package)
    {
        if (!package.StartsWith("Sessions.", StringComparison.Ordinal))
        {
            var pins = Repository.Load("Directory.Packages.props").Descendants("PackageVersion");
            return (string)pins.Single(pin => (string?)pin.Attribute("Include") == package).Attribute("Version")!;
        }

        // A digit after the name, or Sessions.Core would also find Sessions.Core.Something.
        var file = Directory.GetFiles(Packages, $"{package}.*.nupkg").Select(Path.GetFileNameWithoutExtension).Single(IsVersioned)!;
        return file[(package.Length + 1)..];

        bool IsVersioned(string? path) => char.IsAsciiDigit(path![package.Length + 1]);
    }

    /// <summary>What the run around this test has set for itself.</summary>
    private static bool IsOfThisRun(string variable) =>
        variable.StartsWith("SESSIONS_", StringComparison.Ordinal)
        || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);
}
