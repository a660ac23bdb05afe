using Sessions.Tests.Building;

namespace Sessions.Tests.Architecture;

/// <summary>A C# file of a project, as it was written.</summary>
internal sealed record SourceFile(Project Project, string RelativePath)
{
    private string[] Lines { get; } = File.ReadAllLines(Repository.PathOf(RelativePath));

    /// <summary>Every C# file of every project, build output left out.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Repository.Projects.SelectMany(Load)];

    /// <summary>The folders from the project down to the file.</summary>
    public string[] Folders => RelativePath[Project.Folder.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1];

    public int LineCount => Lines.Length;

    /// <summary>The lines that are not comments.</summary>
    public IEnumerable<string> Code => Lines.Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    /// <summary>The namespace it declares; null for top-level statements and files of global usings.</summary>
    public string? Namespace =>
        Lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';', ' ');

    public override string ToString() => RelativePath;

    private static IEnumerable<SourceFile> Load(Project project) =>
        Directory
            .EnumerateFiles(Repository.PathOf(project.Folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => folder is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(project, path));
}
