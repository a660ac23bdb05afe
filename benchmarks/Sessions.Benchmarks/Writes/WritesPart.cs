using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Writes;

/// <summary>How many writes SQLite takes from many callers, beside one transaction for each write.</summary>
internal static class WritesPart
{
    private const int LeastRatio = 20;

    public static async Task<ReportSection> RunAsync(bool full)
    {
        await using var ours = new SqlitePlace();
        await using var theirs = new SqlitePlace();
        await using var app = await BenchApp.StartAsync(ours);
        var time = TimeSpan.FromSeconds(full ? 5 : 1);
        var grouped = new GroupedWrites(app.Manager, await WriteCallers.LogInAsync(app.Manager));
        await using var plain = new PlainWrites(theirs, await LogInAsync(theirs));

        // One round of each that does not count, then by turns, so that both meet the same minutes of the machine.
        await grouped.RunAsync(time);
        await plain.RunAsync(time);
        var rounds = new List<(double Ours, double Theirs)>();
        for (var round = 0; round < (full ? 9 : 5); round++)
        {
            rounds.Add((await grouped.RunAsync(time), await plain.RunAsync(time)));
        }

        var ratio = rounds.Select(static round => round.Ours / round.Theirs).Order().ElementAt(rounds.Count / 2);
        var table = new ReportTable(
            "Writes a second",
            ["Round", "Sessions.Sqlite", "A transaction each", "Ratio"],
            [
                .. rounds.Select(
                    static (round, i) =>
                        new[]
                        {
                            Figures.Whole(i + 1),
                            Figures.Whole(round.Ours),
                            Figures.Whole(round.Theirs),
                            Figures.Ratio(round.Ours / round.Theirs),
                        }
                ),
            ]
        );
        var text = $"""
            {WriteCallers.Count} callers change a value of a session, each as often as it can, for {time.TotalSeconds:F0} s a round. On one side through the library, whose writes that wait at the same
            time are committed together; on the other each caller has a connection of Microsoft.Data.Sqlite, prepares an `UPDATE` of the same column of the same table, and runs it in a transaction of
            its own. Both with a write-ahead log and `synchronous=NORMAL`, on {ours.FileSystem}; the ratio is of neighbouring rounds.
            """;
        return new(
            "Sustained writes on SQLite",
            text,
            [table],
            [
                new(
                    $"Sustained writes on SQLite from {WriteCallers.Count} callers, durable at `synchronous=NORMAL`, against one transaction for each write",
                    $"at least {LeastRatio}x",
                    Figures.Ratio(ratio),
                    ratio >= LeastRatio
                ),
            ]
        );
    }

    // The library makes the table and the rows there too, and has gone when the others write.
    private static async Task<SessionId[]> LogInAsync(SqlitePlace place)
    {
        await using var app = await BenchApp.StartAsync(place);
        return await WriteCallers.LogInAsync(app.Manager);
    }
}
