using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Sessions.Tests.Docs;

/// <summary>
/// What the pages show is code that was compiled: each C# block stands, to the letter, between <c>// snippet</c> and <c>// end</c> in a
/// file of this project. A block that is a whole file, since it begins with its usings, is built in a project of its own instead, by
/// <see cref="PastedFileTests"/>.
/// </summary>
public sealed partial class SnippetTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    [TestCaseSource(nameof(Pages))]
    public void Every_snippet_of_a_page_is_compiled(string page)
    {
        var compiled = Directory
            .GetFiles(Path.Combine(SourceFolder(), ".."), "*.cs", SearchOption.AllDirectories)
            .SelectMany(SnippetsInFile)
            .ToHashSet();

        Assert.That(SnippetsOnPage(page).Where(snippet => !IsWholeFile(snippet)), Is.SubsetOf(compiled));
    }

    [TestCaseSource(nameof(Pages))]
    public void Every_page_that_a_page_links_to_is_there(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var links = Link().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(link => link.Groups[1].Value);

        Assert.That(links.Where(link => !Path.Exists(Path.Combine(folder, link))), Is.Empty);
    }

    [Test]
    public void The_pages_show_snippets() => Assert.That(Pages().SelectMany(SnippetsOnPage), Is.Not.Empty);

    private static IEnumerable<string> Pages() =>
        Directory
            .GetFiles(Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal);

    /// <summary>The pages with whole files, one after the other, each page as often as it has one.</summary>
    internal static IEnumerable<(string Page, string File)> WholeFiles =>
        Pages().SelectMany(page => SnippetsOnPage(page).Where(IsWholeFile).Select(file => (page, file)));

    private static bool IsWholeFile(string snippet) => snippet.StartsWith("using ", StringComparison.Ordinal);

    private static IEnumerable<string> SnippetsOnPage(string page) =>
        Block().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(block => Flush(block.Groups[1].Value));

    private static IEnumerable<string> SnippetsInFile(string file) =>
        Marked().Matches(File.ReadAllText(file)).Select(snippet => Flush(snippet.Groups[1].Value));

    /// <summary>Without the indentation that all lines share.</summary>
    private static string Flush(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var indentation = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indentation..]));
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *// snippet\r?\n(.*?)^ *// end", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex Link();
}
