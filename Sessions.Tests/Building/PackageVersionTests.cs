using System.Xml.Linq;
using NUnit.Framework;

namespace Sessions.Tests.Building;

public sealed class PackageVersionTests
{
    private static readonly XDocument Pins = Repository.Load("Directory.Packages.props");

    private static IEnumerable<XElement> References =>
        Repository
            .Projects.Select(project => project.Content)
            .Append(Repository.Load("Directory.Build.props"))
            .SelectMany(content => content.Descendants("PackageReference"));

    [Test]
    public void No_project_has_a_package_version_of_its_own()
    {
        var versions = References.Where(reference =>
            reference.Attributes().Any(attribute => attribute.Name.LocalName is "Version" or "VersionOverride")
            || reference.Elements().Any(element => element.Name.LocalName is "Version" or "VersionOverride")
        );

        Assert.That(versions, Is.Empty);
    }

    [Test]
    public void A_pin_that_no_project_references_says_why_it_is_there()
    {
        var referenced = References.Select(reference => (string?)reference.Attribute("Include")).ToHashSet();
        var unexplained = Pins.Descendants("PackageVersion")
            .Where(pin => pin.Attribute("Include") is not null)
            .Where(pin => !referenced.Contains(pin.Attribute("Include")!.Value) && !IsExplained(pin, referenced))
            .Select(pin => pin.Attribute("Include")!.Value);

        Assert.That(unexplained, Is.Empty);
    }

    [Test]
    public void No_project_locks_its_packages()
    {
        // A lock file names one feed's answer; another feed's may differ and be as good.
        var locks = Repository.Projects.Where(project =>
            File.Exists(Repository.PathOf(Path.Combine(project.Folder, "packages.lock.json")))
        );

        Assert.That(locks, Is.Empty);
    }

    // A comment speaks for the pins right below it, down to the first that a project references.
    private static bool IsExplained(XElement pin, HashSet<string?> referenced) =>
        pin.NodesBeforeSelf().LastOrDefault(node => node is XComment or XElement) switch
        {
            XComment => true,
            XElement above => !referenced.Contains((string?)above.Attribute("Include")) && IsExplained(above, referenced),
            _ => false,
        };
}
