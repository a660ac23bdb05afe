using System.Reflection;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.PublicApi;

/// <summary>What a package offers changes only together with the PublicAPI.txt beside its project, where a reviewer sees it.</summary>
public sealed class PublicApiTests
{
    private const string Update = "SESSIONS_UPDATE_PUBLIC_API";

    private static IEnumerable<string> Packages => Repository.Projects.Where(project => project.IsPackable).Select(project => project.Name);

    [TestCaseSource(nameof(Packages))]
    public async Task A_package_offers_what_its_PublicAPI_file_says(string package)
    {
        var project = Repository.Projects.Single(project => project.Name == package);
        var path = Repository.PathOf(Path.Combine(project.Folder, "PublicAPI.txt"));
        var assembly = Assembly.Load(project.Name);
        var offered = PublicApiText.Format(assembly);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllLinesAsync(path, offered);
            Assert.Inconclusive($"{path} was written anew: review and commit it.");
        }

        Assert.That(File.Exists(path), $"{package} has no PublicAPI.txt. {HowToUpdate}");
        var difference = LineDifference.Describe(await File.ReadAllLinesAsync(path), offered).ToList();

        Assert.That(
            difference,
            Has.Count.Zero,
            () => string.Join('\n', difference.Prepend($"{package} offers something else. {HowToUpdate}"))
        );
    }

    private static string HowToUpdate => $"If that is meant: {Update}=1 dotnet test Sessions.Tests --filter FullyQualifiedName~PublicApi";
}
