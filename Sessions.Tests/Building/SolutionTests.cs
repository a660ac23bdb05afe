using NUnit.Framework;

namespace Sessions.Tests.Building;

public sealed class SolutionTests
{
    [Test]
    public void Every_project_is_in_the_solution()
    {
        var projects = Repository.Projects.Select(project => project.RelativePath);

        Assert.That(Repository.SolutionProjects, Is.EquivalentTo(projects));
    }

    [Test]
    public void Every_project_obeys_the_one_set_of_rules()
    {
        string[] rules = ["TargetFramework", "TreatWarningsAsErrors", "Nullable", "AnalysisLevel", "WarningsNotAsErrors", "LangVersion"];
        var exceptions =
            from project in Repository.Projects
            from rule in rules
            where project.Content.Descendants(rule).Any() && !(rule == "TargetFramework" && project.IsLoadedByCompilers)
            select $"{project} sets {rule}";

        Assert.That(exceptions, Is.Empty);
    }

    [TestCase("P:System.DateTime.Now")]
    [TestCase("P:System.DateTime.UtcNow")]
    [TestCase("P:System.DateTimeOffset.Now")]
    [TestCase("P:System.DateTimeOffset.UtcNow")]
    [TestCase("M:System.Guid.NewGuid")]
    [TestCase("T:System.Random")]
    [TestCase("M:System.Threading.Thread.Sleep(System.Int32)")]
    [TestCase("M:System.Threading.Thread.Sleep(System.TimeSpan)")]
    public void Ambient_time_and_randomness_are_banned(string symbol)
    {
        var banned = File.ReadLines(Repository.PathOf("BannedSymbols.txt")).Select(line => line.Split(';')[0]);

        Assert.That(banned, Does.Contain(symbol));
    }
}
