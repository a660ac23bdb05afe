using Sessions.Bench.Growth;
using Sessions.Bench.Limits;
using Sessions.Bench.Micro;
using Sessions.Bench.Sizes;
using Sessions.Bench.Soak;
using Sessions.Bench.Writes;

namespace Sessions.Bench;

/// <summary>A part of the run, which writes a part of the report.</summary>
/// <param name="Name">As it is chosen on the command line.</param>
/// <param name="File">As its section is kept.</param>
/// <param name="OnlyInFull">Whether the short run leaves it out unless it is asked for.</param>
/// <param name="RunAsync">Measures, at length when told so.</param>
internal sealed record BenchPart(string Name, string File, bool OnlyInFull, Func<bool, Task<ReportSection>> RunAsync)
{
    public static IReadOnlyList<BenchPart> All { get; } =
    [
        new("micro", "50-micro", false, MicroPart.RunAsync),
        new("sizes", "60-sizes", false, static _ => SizesPart.RunAsync()),
        new("growth", "70-growth", false, GrowthPart.RunAsync),
        new("limits", "75-limits", false, LimitsPart.RunAsync),
        new("writes", "80-writes", false, WritesPart.RunAsync),
        new("soak", "90-soak", true, static _ => SoakPart.RunAsync()),
    ];
}
