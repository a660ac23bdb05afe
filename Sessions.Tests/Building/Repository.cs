using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sessions.Tests.Building;

/// <summary>The files that this test assembly was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every project on disk, build output left out.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => folder is "artifacts" or "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new Project(path, Load(path))),
    ];

    /// <summary>The projects that the solution names, as paths relative to <see cref="Root"/>.</summary>
    public static IReadOnlyList<string> SolutionProjects { get; } =
    [
        .. Regex
            .Matches(File.ReadAllText(PathOf("Sessions.sln")), @"""([^""]+\.csproj)""")
            .Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    public static XDocument Load(string relativePath) => XDocument.Load(PathOf(relativePath));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sessions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"No folder above {AppContext.BaseDirectory} holds Sessions.sln: run the tests where they were built."
        );
    }
}
