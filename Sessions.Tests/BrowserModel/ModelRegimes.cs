using FsCheck;
using FsCheck.Fluent;

namespace Sessions.Tests.BrowserModel;

/// <summary>The worlds in which the properties are to hold.</summary>
internal static class ModelRegimes
{
    private static readonly Gen<IReadOnlyList<TimeSpan>> s_nodes = Gen.Elements<IReadOnlyList<TimeSpan>>(
        [TimeSpan.Zero],
        [TimeSpan.Zero, TimeSpan.FromSeconds(5)],
        [TimeSpan.Zero, TimeSpan.FromSeconds(-3), TimeSpan.FromSeconds(2)]
    );

    /// <summary>No crash; a request may take as long as the window from its beginning to the arrival of its answer.</summary>
    public static Gen<ModelSettings> Slow { get; } =
        from options in Options()
        from nodes in s_nodes
        from fails in Gen.Elements(true, false, false)
        from rollsBack in Gen.Elements(true, false, false)
        select options with
        {
            Nodes = nodes,
            StoreFails = fails,
            RollsBack = rollsBack,
        };

    /// <summary>
    /// Browsers crash, answers may be slow; requests arrive within half a minute. A store that loses its last seconds in these very seconds
    /// is left out: it forgets that a token was given again.
    /// </summary>
    public static Gen<ModelSettings> Crashing { get; } =
        from slow in Slow
        select slow with
        {
            Crashes = true,
            LongestRequest = TimeSpan.FromSeconds(29),
            RollsBack = false,
        };

    /// <summary>
    /// Rotations on demand and reauthentications: an answer with a cookie arrives within a minute, before the token that it carries can be
    /// confirmed and replaced (docs/decisions/0007-rotation-rules.md).
    /// </summary>
    public static Gen<ModelSettings> OnDemand { get; } =
        from options in Gen.OneOf(Slow, Crashing)
        select options with
        {
            RotatesOnDemand = true,
            LongestAnswer = options.Grace < options.Flush ? options.Grace : options.Flush,
        };

    /// <summary>
    /// Nodes whose clocks are up to two minutes apart. What waits for a browser to write its cookies has to wait as much longer.
    /// </summary>
    public static Gen<ModelSettings> Skewed { get; } =
        from settings in Gen.OneOf(Slow, Crashing, OnDemand)
        from nodes in Gen.Elements<IReadOnlyList<TimeSpan>>(
            [TimeSpan.Zero, TimeSpan.FromSeconds(61)],
            [TimeSpan.Zero, TimeSpan.FromMinutes(2)],
            [TimeSpan.FromSeconds(-90), TimeSpan.Zero, TimeSpan.FromSeconds(30)]
        )
        select settings with
        {
            Nodes = nodes,
            Flush = TimeSpan.FromMinutes(3),
            Tolerance = TimeSpan.FromMinutes(2),
        };

    /// <summary>A thief copies the jar.</summary>
    public static Gen<ModelSettings> Theft { get; } =
        from slow in Slow
        from onDemand in Gen.Elements(true, false)
        from crashes in Gen.Elements(true, false)
        select slow with
        {
            HasThief = true,
            RotatesOnDemand = onDemand,
            Crashes = crashes,
            RollsBack = false,
        };

    /// <summary>All kinds of worlds.</summary>
    public static IReadOnlyDictionary<string, Gen<ModelSettings>> Named { get; } =
        new Dictionary<string, Gen<ModelSettings>>
        {
            [nameof(Slow)] = Slow,
            [nameof(Crashing)] = Crashing,
            [nameof(OnDemand)] = OnDemand,
            [nameof(Skewed)] = Skewed,
            [nameof(Theft)] = Theft,
        };

    private static Gen<ModelSettings> Options() =>
        from grace in Gen.Elements(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10))
        from rotateAfter in Gen.Elements(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(25), TimeSpan.FromHours(3))
        select new ModelSettings { Grace = grace, RotateAfter = rotateAfter };
}
