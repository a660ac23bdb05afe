using System.Xml.Linq;

namespace Sessions.Tests.Building;

/// <summary>A project file, as it was written.</summary>
internal sealed record Project(string RelativePath, XDocument Content)
{
    public string Name => Path.GetFileNameWithoutExtension(RelativePath);

    public string Folder => Path.GetDirectoryName(RelativePath)!;

    /// <summary>Whether it becomes a package here: a provider whose package this feed lacks is empty and is not packed.</summary>
    public bool IsPackable => Says("IsPackable") && !(Says("NeedsLiteDb") && FeedLacksLiteDb);

    private static bool FeedLacksLiteDb { get; } =
        File.Exists(Repository.PathOf("Feed.props")) && Repository.Load("Feed.props").Descendants("FeedHasLiteDb").Any(has => !(bool)has);

    public override string ToString() => Name;

    private bool Says(string property) => Content.Descendants(property).Any(element => (bool)element);
}
