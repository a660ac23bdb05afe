namespace Sessions.LoadTest.Contenders;

/// <summary>Who takes part, in the order of the report.</summary>
internal static class ContenderList
{
    public static IReadOnlyList<Contender> List { get; } =
    [BareContender.Value, .. SessionsContenders.All, .. AspNetSessionContenders.All, .. CookieContenders.All, ExpressContender.Value];

    /// <summary>Those that this build could not be given, and why: rows of the report all the same.</summary>
    public static IEnumerable<(string Title, string Why)> LeftOut =>
        new (string Name, string Title)[] { ("litedb", "LiteDB"), ("session-redis", "AddSession, Microsoft's Redis cache") }
            .Where(static known => Find(known.Name) is null)
            .Select(static known => (known.Title, "the package source lacks one of its packages"));

    public static Contender? Find(string name) => List.FirstOrDefault(contender => contender.Name == name);
}
