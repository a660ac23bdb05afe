// Which optional packages the configured sources hold. Asking means restoring for real, since a package may be there and what it
// depends on may not. The answer goes to Feed.props, which Directory.Build.props imports; that file is also the memory of this one.
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

public sealed record OptionalPackage(string Id, string Property, string Fallback);

OptionalPackage[] optionalPackages =
[
    new("StackExchange.Redis", "FeedHasStackExchangeRedis", "Sessions.Redis is built on StackExchange.Redis 1.2.6"),
    new("LiteDB", "FeedHasLiteDb", "Sessions.LiteDb compiles nothing, and whatever uses it leaves it out"),
    new("Testcontainers", "FeedHasTestcontainers", "tests start server processes instead of containers"),
];

// NuGet's ways of saying that no source has a package, or none of the wanted version. Any other error (NU1301: a source does not
// answer) is trouble, and trouble is no answer.
string[] absenceCodes = ["NU1100", "NU1101", "NU1102", "NU1103", "NU1603", "NU1605"];

const string FeedProps = "Feed.props";

void AskFeed(bool again)
{
    var versions = PinnedVersions();
    WriteProbes();
    var key = FeedKey();
    var isRemembered = !again && FileExists(FeedProps) && XDocument.Load(FeedProps).Descendants("FeedKey").Any(known => known.Value == key);
    if (!isRemembered)
    {
        // What an earlier answer restored must not pass for what the sources hold now.
        CleanDirectory("artifacts/feed/packages");
        var answers = optionalPackages.Select(package => new XElement(package.Property, CanRestore(package)));
        var properties = new XElement("PropertyGroup", answers.Prepend(new XElement("FeedKey", key)));
        System.IO.File.WriteAllText(FeedProps, $"{new XElement("Project", properties)}\n");
    }

    var missing = FeedLacks();
    Console.WriteLine($"{"Package", -20} {"Version", -9} On the package sources{(isRemembered ? " (remembered; `Feed --again` asks anew)" : "")}");
    foreach (var package in optionalPackages)
    {
        Console.WriteLine($"{package.Id, -20} {versions[package.Id], -9} {(missing.Contains(package) ? "no" : "yes")}");
    }

    foreach (var package in missing)
    {
        Console.WriteLine($"Without {package.Id} {versions[package.Id]}: {package.Fallback}.");
    }
}

IReadOnlyList<OptionalPackage> FeedLacks()
{
    var answers = XDocument.Load(FeedProps).Root;
    return [.. optionalPackages.Where(package => !(bool)answers.Descendants(package.Property).Single())];
}

void RefuseFallbacks()
{
    if (FeedLacks() is { Count: > 0 } missing)
    {
        throw new CakeException(
            $"Nothing is packed while a fallback is active: the package sources lack {string.Join(", ", missing.Select(package => package.Id))}."
        );
    }
}

// The first pin of a package is the wanted one; a fallback's follows it.
Dictionary<string, string> PinnedVersions()
{
    var pins = XDocument.Load("Directory.Packages.props").Descendants("PackageVersion").ToList();
    return optionalPackages.ToDictionary(
        package => package.Id,
        package => pins.First(pin => pin.Attribute("Include").Value == package.Id).Attribute("Version").Value
    );
}

// The probes share the pins of the solution and nothing else. They see every package as present: that is the question.
void WriteProbes()
{
    const string folder = "artifacts/feed";
    var properties = optionalPackages.Select(package => new XElement(package.Property, true));
    var settings = new XElement(
        "PropertyGroup",
        new XElement("TargetFramework", "net10.0"),
        new XElement("WarningsAsErrors", "NU1603"),
        new XElement("NuGetAudit", false),
        new XElement("RestoreFallbackFolders", "clear"),
        properties
    );
    WriteIfChanged($"{folder}/Directory.Build.props", new XElement("Project", settings));
    WriteIfChanged($"{folder}/Directory.Build.targets", new XElement("Project"));
    WriteIfChanged($"{folder}/sources/probe.csproj", new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk")));
    foreach (var package in optionalPackages)
    {
        var reference = new XElement("ItemGroup", new XElement("PackageReference", new XAttribute("Include", package.Id)));
        WriteIfChanged($"{folder}/{package.Id}/probe.csproj", new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"), reference));
    }
}

void WriteIfChanged(string path, XElement content)
{
    if (!FileExists(path) || System.IO.File.ReadAllText(path) != content.ToString())
    {
        EnsureDirectoryExists(FilePath.FromString(path).GetDirectory());
        System.IO.File.WriteAllText(path, content.ToString());
    }
}

// Sources and configuration as a restore sees them, so that environment variables and files beside the solution count too.
string FeedKey()
{
    var (exitCode, output) = RestoreProbe("sources");
    if (exitCode != 0)
    {
        throw new CakeException($"The package sources cannot be read.\n{output}");
    }

    using var assets = JsonDocument.Parse(System.IO.File.ReadAllText("artifacts/feed/sources/obj/project.assets.json"));
    var restore = assets.RootElement.GetProperty("project").GetProperty("restore");
    var sources = restore.GetProperty("sources").EnumerateObject().Select(source => source.Name).ToList();
    var configurations = restore.GetProperty("configFilePaths").EnumerateArray().Select(path => path.GetString());
    // A folder is a source that changes without any change of configuration.
    var folders = sources
        .Where(System.IO.Directory.Exists)
        .SelectMany(folder => System.IO.Directory.EnumerateFiles(folder, "*.nupkg", SearchOption.AllDirectories));
    var parts = sources
        .Concat(configurations.Append("Directory.Packages.props").SelectMany(path => new[] { path, System.IO.File.ReadAllText(path) }))
        .Concat(folders.Order(StringComparer.Ordinal));
    return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}

bool CanRestore(OptionalPackage package)
{
    var (exitCode, output) = RestoreProbe(package.Id);
    if (exitCode == 0)
    {
        return true;
    }

    var codes = Regex.Matches(output, @"error (NU\d+)").Select(match => match.Groups[1].Value).ToList();
    if (codes.Count == 0 || codes.Except(absenceCodes).Any())
    {
        throw new CakeException($"Whether the package sources hold {package.Id} could not be found out.\n{output}");
    }

    return false;
}

(int ExitCode, string Output) RestoreProbe(string name)
{
    // Into folders of the build's own and past the cache of answers: a machine may keep what no source holds any longer.
    var arguments = new ProcessArgumentBuilder()
        .Append($"restore artifacts/feed/{name}/probe.csproj --packages artifacts/feed/packages --no-http-cache -nodeReuse:false");
    var settings = new ProcessSettings
    {
        Arguments = arguments,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        EnvironmentVariables = new Dictionary<string, string> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
    };
    var exitCode = StartProcess("dotnet", settings, out var output, out var errors);
    return (exitCode, string.Join('\n', output.Concat(errors)));
}
