using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using Sessions.Tests.Building;

namespace Sessions.Tests.Docs;

/// <summary>
/// A text and where it is: in a page, in a file of documentation or in the <c>log</c>; and there in a line, a member or a method.
/// </summary>
internal sealed record ProseText(string Source, string Place, string Text);

internal sealed record ProseHit(string Source, string Place, string Word)
{
    public override string ToString() => $"{Source}, {Place}: {Word}";
}

/// <summary>What is read: pages, the documentation of public members, log messages, and the source of packages and samples.</summary>
internal static partial class Prose
{
    public static IReadOnlyList<ProseText> All { get; } =
    [.. Pages(), .. Packages.SelectMany(Members), .. Packages.SelectMany(LogMessages), .. Sources()];

    private static IEnumerable<Assembly> Packages =>
        Repository
            .Projects.Where(static project => project.IsPackable)
            .Select(static project => project.Name)
            .Where(IsBuilt)
            .Select(Assembly.Load);

    public static IEnumerable<ProseHit> FindBannedWords(ProseText text) =>
        BannedWords().Matches(text.Text).Select(match => new ProseHit(text.Source, text.Place, match.Value.ToLowerInvariant()));

    /// <summary>Markdown without its blocks of code and what stands in backticks; the lines stay where they are.</summary>
    public static string WithoutCode(string markdown) =>
        InlineCode().Replace(CodeBlock().Replace(markdown, static block => new string('\n', block.Value.Count(static c => c == '\n'))), "");

    private static IEnumerable<ProseText> Pages() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .SelectMany(static path =>
                WithoutCode(File.ReadAllText(path))
                    .Split('\n')
                    .Select(
                        (line, i) => new ProseText(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), $"line {i + 1}", line)
                    )
            );

    /// <summary>Comments, messages and names: whole lines, since no name is made of such a word either.</summary>
    private static IEnumerable<ProseText> Sources() =>
        Repository
            .Projects.Where(static project => project.IsPackable)
            .Select(static project => project.Folder)
            .Append("shared")
            .Append("samples")
            .SelectMany(static folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(static path =>
                File.ReadLines(Repository.PathOf(path)).Select((line, i) => new ProseText("source", $"{path} line {i + 1}", line))
            );

    private static IEnumerable<ProseText> Members(Assembly package)
    {
        var visible = package.GetExportedTypes().SelectMany(IdsOf).ToHashSet();
        var file = Path.ChangeExtension(package.Location, "xml");
        return XDocument
            .Load(file)
            .Descendants("member")
            .Where(member => visible.Contains(Parameters().Replace((string)member.Attribute("name")!, "")))
            .Select(member => new ProseText(Path.GetFileName(file), (string)member.Attribute("name")!, TextOf(member)));
    }

    private static string TextOf(XElement member) =>
        string.Join(
            ' ',
            member.DescendantNodes().OfType<XText>().Where(static text => text.Parent!.Name != "c" && text.Parent.Name != "code")
        );

    /// <summary>The ids of the documentation of a type and of what others can reach in it, without parameters.</summary>
    private static IEnumerable<string> IdsOf(Type type)
    {
        var name = type.FullName!.Replace('+', '.');
        yield return $"T:{name}";
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var member in type.GetMembers(all).Where(IsVisible))
        {
            yield return $"{member.MemberType.ToString()[0]}:{name}.{member.Name.Replace('.', '#')}".Replace(
                "C:",
                "M:",
                StringComparison.Ordinal
            );
        }
    }

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            EventInfo added => IsVisible(added.AddMethod!),
            _ => false,
        };

    private static IEnumerable<ProseText> LogMessages(Assembly package) =>
        from type in package.GetTypes()
        from method in type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
        )
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select new ProseText("log", $"{type.Name}.{method.Name}", message.Message);

    private static bool IsBuilt(string name) => File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    [GeneratedRegex(@"\b(whoever|whomever|somebody|nobody|anybody|everybody|he|his|him|himself)\b", RegexOptions.IgnoreCase)]
    private static partial Regex BannedWords();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(``\d+)?(\(.*)?$")]
    private static partial Regex Parameters();
}
