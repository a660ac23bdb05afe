using System.Xml.Linq;

namespace Sessions.Tests.Building;

/// <summary>A project file, as it was written.</summary>
internal sealed record Project(string RelativePath, XDocument Content)
{
    public string Name => Path.GetFileNameWithoutExtension(RelativePath);

    public string Folder => Path.GetDirectoryName(RelativePath)!;

    /// <summary>Whether it becomes a package.</summary>
    public bool IsPackable => IsEnabled("IsPackable");

    /// <summary>Whether compilers and editors load it: they run on other frameworks too, so it has one of its own.</summary>
    public bool IsLoadedByCompilers => IsEnabled("IsRoslynComponent");

    public override string ToString() => Name;

    private bool IsEnabled(string property) => Content.Descendants(property).Any(element => (bool)element);
}
