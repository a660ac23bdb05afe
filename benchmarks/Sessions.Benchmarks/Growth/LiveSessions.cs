using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Growth;

/// <summary>Auth against the number of live sessions, and what the garbage collector does with the most of them in memory.</summary>
internal sealed class LiveSessions(bool full)
{
    private const int Runs = 5;

    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(320);
    private static readonly int[] s_levels = [1_000, 10_000, 100_000, 1_000_000];

    private readonly Dictionary<StoreKind, List<double>> _costs = [];
    private readonly List<CollectionKind> _collections = [];
    private TimeSpan _forced;

    public ReportTable Table =>
        new(
            "Auth against live sessions",
            ["Store", .. s_levels.Select(static level => FigureFormat.Whole(level))],
            [.. StoreKind.All.Select(Row)]
        );

    public ReportTable Pauses =>
        new(
            "Collections with 1,000,000 sessions in memory, under Init, Auth and Revoke",
            ["Collection", "How many", "Longest pause", "All pauses"],
            [
                .. _collections.Select(static kind =>
                    new[] { kind.Name, FigureFormat.Whole(kind.Count), FigureFormat.Time(kind.Longest), FigureFormat.Time(kind.Sum) }
                ),
                ["Full, blocking, not compacting, forced afterwards", "1", FigureFormat.Time(_forced), FigureFormat.Time(_forced)],
            ]
        );

    public IEnumerable<Aim> Aims
    {
        get
        {
            var costs = _costs[StoreKind.Memory];
            var ratio = costs[^1] / costs[0];
            yield return new(
                "Auth on Memory at 1,000,000 sessions against 1,000",
                "at most 2.5x",
                $"{FigureFormat.Ratio(ratio)} ({FigureFormat.Time(costs[^1])}, {FigureFormat.Time(costs[0])})",
                ratio <= 2.5
            );
            yield return EvaluatePauses();
        }
    }

    public async Task MeasureAsync()
    {
        foreach (var kind in StoreKind.All)
        {
            if (await kind.OpenAsync() is { } place)
            {
                await using var opened = place;
                await MeasureAsync(kind, place);
            }
        }
    }

    private async Task MeasureAsync(StoreKind kind, BenchmarkStore place)
    {
        await using var app = await BenchApp.StartAsync(place);
        var levels = s_levels.Where(level => level <= place.MaxSessions(full)).ToList();
        var tokens = new SessionToken[levels[^1]];
        var costs = _costs[kind] = [];
        var filled = 0;
        foreach (var level in levels)
        {
            Console.WriteLine($"   {kind.Name}, {FigureFormat.Whole(level)} sessions");
            await SessionSeeder.FillAsync(app.Manager, tokens, filled, level);
            filled = level;
            var order = SessionSeeder.Shuffled(tokens.Take(level));
            // In process all are visited; over a network no cache of the processor is at stake.
            var calls = kind == StoreKind.Memory ? 200_000 : 2_000;
            costs.Add(await CallTimer.MedianAsync(Runs, calls, i => app.Manager.AuthAsync(order[i % order.Length])));
        }

        if (kind == StoreKind.Memory)
        {
            _collections.AddRange(await CollectionLoad.RunAsync(app.Manager, tokens, TimeSpan.FromSeconds(full ? 30 : 8)));
            _forced = CollectionKind.Force();
        }
    }

    private Aim EvaluatePauses()
    {
        const string What = "Longest blocking collection at 1,000,000 sessions in memory";
        const string Target = "at most 320 ms";
        if (_collections.Count == 0)
        {
            return Aim.NotMeasured(What, Target, "nothing was collected while it was watched");
        }

        // The forced one too: an application may well run into a full collection that this load does not bring about.
        var longest = _collections.Max(static kind => kind.Longest);
        return new(
            What,
            Target,
            $"{FigureFormat.Time(longest)} under load; {FigureFormat.Time(_forced)} for a full one that was forced",
            longest <= s_longestPause && _forced <= s_longestPause
        );
    }

    private string[] Row(StoreKind kind)
    {
        var costs = _costs.GetValueOrDefault(kind, []);
        var rest =
            costs.Count == 0 ? $"not measured: {kind.Missing}"
            : full ? "not measured: it takes too long"
            : "only with --full";
        var cells = s_levels.Select(
            (_, i) =>
                i < costs.Count ? FigureFormat.Time(costs[i])
                : i == costs.Count ? rest
                : ""
        );
        return [kind.Name, .. cells];
    }
}
