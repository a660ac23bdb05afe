using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Sessions.Tests.Architecture;

public sealed partial class LayoutTests
{
    private const int MaxLines = 250;

    [Test]
    public void The_files_of_every_project_are_checked() =>
        Assert.That(
            SourceFile.All.Select(file => file.RelativePath),
            Is.SupersetOf(
                (string[])["Sessions.Core/Session.cs", "Sessions.Core/Stores/ISessionStore.cs", "samples/Sessions.Demo/Program.cs"]
            )
        );

    [Test]
    public void A_folder_is_a_capability_and_no_drawer()
    {
        string[] drawers = ["Utils", "Utilities", "Helpers", "Extensions", "Interfaces", "Common", "Misc", "Models"];
        var found = SourceFile.All.Where(file => file.Folders.Intersect(drawers, StringComparer.OrdinalIgnoreCase).Any());

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_file_of_more_than_250_lines_has_a_second_capability_inside()
    {
        var found = SourceFile.All.Where(file => file.LineCount > MaxLines).Select(file => $"{file} has {file.LineCount} lines");

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_namespace_is_the_folder()
    {
        var found =
            from file in SourceFile.All
            where
                file.Namespace is not null
                && !NamespacesOf(file).Contains(file.Namespace)
                && !ExtendsTheFramework(file)
                && !SetsUpANamespace(file)
            select $"{file} says {file.Namespace}, not {string.Join(" or ", NamespacesOf(file))}";

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Only_the_framework_is_extended_in_its_namespaces()
    {
        // What extends a builder is found without a using where the builder is; any other type there would clash some day.
        var found =
            from file in SourceFile.All
            where file.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true && !ExtendsTheFramework(file)
            select file;

        Assert.That(found, Is.Empty);
    }

    private static bool ExtendsTheFramework(SourceFile file)
    {
        var types = file.Code.Where(line => TypeDeclaration.IsMatch(line)).ToList();
        return file.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal)
            && types.Count > 0
            && types.All(line => line.Contains("static ", StringComparison.Ordinal))
            && file.Code.Any(line => Extension.IsMatch(line));
    }

    // NUnit runs it before whatever is in its namespace, so the namespace is what it is about.
    private static bool SetsUpANamespace(SourceFile file) => file.Code.Contains("[SetUpFixture]");

    // What applications use is in one namespace; what a package has for itself is in the one of its folder. See
    // docs/decisions/0003-namespaces.md.
    private static string[] NamespacesOf(SourceFile file) =>
        (file.Project.Name, file.Folders.FirstOrDefault()) switch
        {
            ("Sessions.Core", "AspNetCore") => [DeclaresPublicType(file) ? "Sessions" : "Sessions.AspNetCore"],
            ("Sessions.Core", "Diagnostics") => ["Sessions.Diagnostics"],
            ("Sessions.Core", "Stores" or "ChangeFeed" or "Caching") => DeclaresPublicType(file)
                ? ["Sessions.Stores", "Sessions"]
                : ["Sessions.Stores"],
            ("Sessions.Core", _) => ["Sessions"],
            ("Sessions.Cookies" or "Sessions.Passwords" or "Sessions.Tokens", _) when DeclaresPublicType(file) => ["Sessions"],
            _ => [NamespaceOfFolder(file)],
        };

    private static bool DeclaresPublicType(SourceFile file) =>
        file.Code.Any(static line => TypeDeclaration.IsMatch(line) && line.StartsWith("public ", StringComparison.Ordinal));

    // In a package a folder within a capability sorts files and makes no namespace: users have few to know. Sessions.Testing is one using
    // altogether.
    private static string NamespaceOfFolder(SourceFile file)
    {
        var root = (string?)file.Project.Content.Descendants("RootNamespace").FirstOrDefault() ?? file.Project.Name;
        var depth =
            root == "Sessions.Testing" ? 0
            : file.Project.IsPackable ? 1
            : int.MaxValue;
        return string.Join('.', file.Folders.Take(depth).Prepend(root));
    }

    [GeneratedRegex(
        @"^(?!\s)(public|internal|file|static|sealed|abstract|partial|readonly|ref|\s)*(class|record|struct|interface|enum) \w"
    )]
    private static partial Regex TypeDeclaration { get; }

    [GeneratedRegex(@"(^|\()\s*this \w|\bextension\(")]
    private static partial Regex Extension { get; }
}
