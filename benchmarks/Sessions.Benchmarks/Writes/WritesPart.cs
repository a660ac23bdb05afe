using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Writes;

/// <summary>How many writes SQLite takes from many callers, beside one transaction for each write.</summary>
internal static class WritesPart
{
    private const int MinRatio = 20;

    public static async Task<ReportSection> RunAsync(bool full)
    {
        await using var place = new SqliteBenchmarkStore();
        await using var app = await BenchApp.StartAsync(place);
        var grouped = new GroupedWrites(app.Manager, await WriteCallers.LogInAsync(app.Manager));
        await using var normal = await PlainWrites.BeginAsync("NORMAL");
        await using var synced = await PlainWrites.BeginAsync("FULL");

        var time = TimeSpan.FromSeconds(full ? 5 : 1);
        var rounds = new List<(WriteRound Ours, WriteRound Normal, WriteRound Synced)>();
        // By turns, so that all meet the same minutes of the machine; the first of each does not count.
        for (var round = 0; round <= (full ? 9 : 5); round++)
        {
            rounds.Add((await grouped.RunAsync(time), await normal.RunAsync(time), await synced.RunAsync(time)));
        }

        rounds.RemoveAt(0);
        var ratio = rounds.Select(static round => round.Ours.PerSecond / round.Normal.PerSecond).Order().ElementAt(rounds.Count / 2);
        var text = $"""
            {WriteCallers.Count} callers change a value of a session, each as often as it can, for {time.TotalSeconds:F0} s a round. On one side through the library, which checks the session, tells what
            it has become, and commits together what waits at the same time; on the other each caller has a connection of Microsoft.Data.Sqlite, and runs a prepared `UPDATE` of the record
            alone, with bytes made before, in the same table and a transaction of its own. All with a write-ahead log, on {place.FileSystem}; the ratio is of neighbouring rounds at `synchronous=NORMAL`, where SQLite syncs no commit.
            At `FULL`, for comparison, it syncs each. Longest wait: of any caller, for one write.
            """;
        return new("Sustained writes on SQLite", text, [Table(rounds)], [Evaluate(ratio)]);
    }

    private static ReportTable Table(IEnumerable<(WriteRound Ours, WriteRound Normal, WriteRound Synced)> rounds) =>
        new(
            "Writes a second",
            [
                "Round",
                "Sessions.Sqlite",
                "Longest wait",
                "A transaction each",
                "Longest wait",
                "Ratio",
                "A transaction each, FULL",
                "Longest wait",
            ],
            [
                .. rounds.Select(
                    static (round, i) =>
                        new[]
                        {
                            FigureFormat.Whole(i + 1),
                            FigureFormat.Whole(round.Ours.PerSecond),
                            FigureFormat.Time(round.Ours.LongestWait),
                            FigureFormat.Whole(round.Normal.PerSecond),
                            FigureFormat.Time(round.Normal.LongestWait),
                            FigureFormat.Ratio(round.Ours.PerSecond / round.Normal.PerSecond),
                            FigureFormat.Whole(round.Synced.PerSecond),
                            FigureFormat.Time(round.Synced.LongestWait),
                        }
                ),
            ]
        );

    private static Aim Evaluate(double ratio) =>
        new(
            $"Sustained writes on SQLite from {WriteCallers.Count} callers, durable at `synchronous=NORMAL`, against one transaction for each write",
            $"at least {MinRatio}x",
            FigureFormat.Ratio(ratio),
            ratio >= MinRatio
        );
}
