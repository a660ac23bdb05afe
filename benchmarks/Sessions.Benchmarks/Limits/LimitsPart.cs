using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Limits;

/// <summary>What a limit of sessions per user costs each sign-in, and how long others wait while very many sessions end.</summary>
internal static class LimitsPart
{
    private const string Text = """
        `CreateAsync` of a store, one call after the other: medians of sign-ins of one user who has that many sessions already, without a limit, with the default limit (1000) and with one that is reached, so that the
        least recently used session ends. The three take turns, so that all meet the same minutes of the machine; the session that a sign-in added is deleted before the next.
        Together: 64 callers sign in as often as they can, each user ten times; medians of rounds of a second that take turns.
        Ending: all sessions of one user end, by user key and by tag, while another user signs in again and again. Longest wait: of these sign-ins, for one; beside it the same without the ending.
        """;

    public static async Task<ReportSection> RunAsync(bool full)
    {
        var tables = new List<ReportTable>();
        var together = new List<string[]>();
        var endings = new List<string[]>();
        foreach (var kind in StoreKind.All)
        {
            if (await kind.OpenAsync() is not { } place)
            {
                continue;
            }

            await using var opened = place;
            await using var app = await BenchApp.StartAsync(place);
            Console.WriteLine($"   {kind.Name}: sign-ins");
            tables.Add(await CountedSignIns.MeasureAsync(kind, app.Store, full ? 1_000 : 300));
            together.Add([kind.Name, .. await CrowdedSignIns.MeasureAsync(app.Store, full ? 9 : 3)]);
            Console.WriteLine($"   {kind.Name}: endings");
            var sessions = Math.Min(100_000, place.MaxSessions(full));
            endings.Add([kind.Name, FigureFormat.Whole(sessions), .. await LargeEndings.MeasureAsync(app.Store, sessions)]);
        }

        tables.Add(new("Sign-ins a second, 64 callers together", ["Store", "No limit", "Limit 1000", "Ratio"], [.. together]));
        tables.Add(
            new(
                "Ending all sessions of a user, and how long another user's sign-in waits",
                ["Store", "Sessions", "By user key", "Longest wait", "By tag", "Longest wait", "List", "Longest wait", "Nothing ends"],
                [.. endings]
            )
        );
        return new("Sign-ins under a limit, and large endings", Text, [.. tables], []);
    }
}
