using FsCheck;
using FsCheck.Fluent;
using Sessions.Stores;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>The worlds of the model as the pipeline has them, whose clock tolerance and whose wait for the browser's disk are fixed.</summary>
internal static class PipelineRegimes
{
    /// <summary>Two nodes with a cache each.</summary>
    public static Gen<ModelSettings> Cached { get; } =
        from settings in Gen.OneOf(ModelRegimes.Slow, ModelRegimes.Crashing, ModelRegimes.Theft)
        select settings with
        {
            HasCache = true,
            Nodes = [TimeSpan.Zero, TimeSpan.FromSeconds(2)],
        };

    /// <summary>
    /// The worlds without a cache. What a feed over a network delivers comes in real time, and a cache behind it is another in each run.
    /// </summary>
    public static IEnumerable<Gen<ModelSettings>> Uncached => ModelRegimes.Named.Values.Select(static regime => regime.Select(Adapt));

    /// <summary>All kinds of worlds.</summary>
    public static IReadOnlyDictionary<string, Gen<ModelSettings>> Named { get; } =
        ModelRegimes
            .Named.Append(new(nameof(Cached), Cached))
            .ToDictionary(static regime => regime.Key, static regime => regime.Value.Select(Adapt));

    private static ModelSettings Adapt(ModelSettings settings) =>
        settings with
        {
            Flush = RotationRules.FlushTime,
            ForeignFlush = RotationRules.ForeignFlushTime,
            Tolerance = ClockTolerance.Evaluation,
            // Not yet: a sign-in of the same user begins with no values; what is stored while a sign-in is under way is lost; only a session
            // that a sign-in ends leaves a marker.
            KeepsOwnValues = true,
            KeepsLateSaves = false,
            MarksDeadTokens = false,
        };
}
