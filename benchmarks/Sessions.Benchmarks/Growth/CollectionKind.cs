using System.Diagnostics;

namespace Sessions.Bench.Growth;

/// <summary>Collections of one kind, and how long they stopped the process.</summary>
internal sealed record CollectionKind(string Name, int Count, TimeSpan Longest, TimeSpan Sum)
{
    /// <summary>Groups what was seen.</summary>
    public static IEnumerable<CollectionKind> Create(IEnumerable<GCMemoryInfo> collections) =>
        from collection in collections
        group collection by NameOf(collection) into kind
        orderby kind.Key
        let pauses = kind.SelectMany(static collection => collection.PauseDurations.ToArray()).ToList()
        select new CollectionKind(
            kind.Key,
            kind.Count(),
            pauses.Max(),
            pauses.Aggregate(TimeSpan.Zero, static (sum, pause) => sum + pause)
        );

    /// <summary>How long a full collection stops the process when nothing is moved.</summary>
    public static TimeSpan Force()
    {
        var started = Stopwatch.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        return Stopwatch.GetElapsedTime(started);
    }

    private static string NameOf(GCMemoryInfo collection) =>
        collection.Concurrent ? "Generation 2, in the background"
        : collection.Generation == GC.MaxGeneration ? "Generation 2, blocking"
        : $"Generation {collection.Generation}";
}
