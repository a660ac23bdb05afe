using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Docs;

/// <summary>The road of a request in docs/architecture.md: short enough to be followed, and each hop is there.</summary>
public sealed partial class RequestRoadTests
{
    private const int MaxHops = 15;

    private static IEnumerable<string> Hops => Hop().Matches(Section).Select(static match => match.Groups[1].Value);

    private static string Section
    {
        get
        {
            var page = File.ReadAllText(Repository.PathOf("docs/architecture.md"));
            return page.Split("## The road of a request", 2)[1].Split("\n## ", 2)[0];
        }
    }

    [Test]
    public void The_road_has_at_most_15_hops()
    {
        var lines = Numbered().Count(Section);

        Assert.That(lines, Is.InRange(1, MaxHops));
        Assert.That(Hops.Count(), Is.EqualTo(lines), "Each hop begins with its member.");
    }

    [TestCaseSource(nameof(Hops))]
    public void Each_hop_is_a_member_that_exists(string hop)
    {
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var (type, member) = (hop.Split('.')[0], hop.Split('.')[1]);
        var types = typeof(Session).Assembly.GetTypes().Where(candidate => candidate.Name == type).ToList();

        Assert.That(types, Has.Count.EqualTo(1));
        Assert.That(types[0].GetMember(member, MemberTypes.Method, all), Is.Not.Empty);
    }

    [GeneratedRegex(@"^\d+\. `(\w+\.\w+)` ", RegexOptions.Multiline)]
    private static partial Regex Hop();

    [GeneratedRegex(@"^\d+\. ", RegexOptions.Multiline)]
    private static partial Regex Numbered();
}
