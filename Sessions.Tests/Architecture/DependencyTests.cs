using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Architecture;

public sealed class DependencyTests
{
    private const string Web = "Microsoft.AspNetCore";

    private static readonly Project Core = Repository.Projects.Single(project => project.Name == "Sessions.Core");

    private static IEnumerable<SourceFile> CoreFiles => SourceFile.All.Where(file => file.Project == Core);

    [Test]
    public void Only_the_web_folders_of_the_core_know_the_web()
    {
        var domain = CoreFiles.Where(file => !IsWeb(file)).ToList();

        Assert.That(domain.Where(file => Mentions(file, Web)), Is.Empty);
        Assert.That(domain.Where(file => Mentions(file, "Sessions.AspNetCore")), Is.Empty);
    }

    [Test]
    public void The_web_is_not_made_known_to_all_of_the_core_at_once() =>
        Assert.That(
            CoreFiles.SelectMany(file => file.Code).Where(line => line.StartsWith("global using", StringComparison.Ordinal)),
            Has.None.Contains("AspNetCore")
        );

    [Test]
    public void The_core_needs_no_package_and_no_project()
    {
        // The analyzer is packed beside the core, which does not see it.
        var references = Core.Content.Descendants("ProjectReference");

        Assert.That(Core.Content.Descendants("PackageReference"), Is.Empty);
        Assert.That(references.Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false"), Is.Empty);
    }

    [Test]
    public void A_package_knows_the_core_and_no_other_package()
    {
        var found =
            from project in Repository.Projects
            where project != Core && IsPackage(project)
            from reference in ProjectReferences(project)
            where reference != Core.Name
            select $"{project} knows {reference}";

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Only_tests_see_what_a_package_keeps_to_itself()
    {
        var friends =
            from project in Repository.Projects
            where IsPackage(project)
            from friend in project.Content.Descendants("InternalsVisibleTo")
            select (string?)friend.Attribute("Include");

        Assert.That(friends, Is.All.EqualTo("Sessions.Tests"));
    }

    [Test]
    public void No_package_may_leave_a_public_member_undocumented()
    {
        string[] escapes = ["NoWarn", "GenerateDocumentationFile"];
        var found =
            from project in Repository.Projects
            where IsPackage(project)
            from escape in escapes
            where project.Content.Descendants(escape).Any()
            select $"{project} sets {escape}";

        Assert.That(found, Is.Empty);
        Assert.That(SourceFile.All.Where(file => IsPackage(file.Project) && Mentions(file, "CS1591")), Is.Empty);
    }

    private static bool IsWeb(SourceFile file) => file.Folders is ["AspNetCore" or "DependencyInjection", ..];

    private static bool Mentions(SourceFile file, string text) => file.Code.Any(line => line.Contains(text, StringComparison.Ordinal));

    // Whatever this feed lacks: the rule is about what was written.
    private static bool IsPackage(Project project) => project.Content.Descendants("IsPackable").Any(packable => (bool)packable);

    private static IEnumerable<string> ProjectReferences(Project project) =>
        project
            .Content.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
