using Sessions.Bench.Places;

namespace Sessions.Bench.Soak;

/// <summary>Whether everything is as before when many sessions have come and gone.</summary>
internal static class SoakPart
{
    private const string Text = """
        On each store 200,000 sessions come and go: they are begun, checked, touched, some rotated, some revoked, and the rest expires and is swept, by the library's own sweeper, on a clock that the
        program moves on. (Redis deletes what has expired by the real clock, 5 minutes later, and is waited for.) Heap: managed memory after a full, compacting collection. The
        files of PostgreSQL, SQLite and LiteDB keep the room of deleted rows for new ones, so there the same load comes again, until it finds room enough in what those before it
        took, but for 2 MiB or 5 %. So it does where the heap is bigger than before: LiteDB takes pages of 8 KiB for its cache, a thousand (7.8 MiB) at a time in the
        end, and keeps them; what leaks would be more after each load. A load ends after three minutes, and none begins after seven.
        """;

    public static async Task<ReportSection> RunAsync()
    {
        var rows = new List<string[]>();
        // First, so that its keys run out while the others are measured.
        await using var redis = await StoreSoak.BeginAsync(StoreKind.Redis);
        if (redis is not null)
        {
            await redis.LoadAsync();
        }

        foreach (var kind in StoreKind.All.Where(static kind => kind != StoreKind.Redis))
        {
            await using var soak = await StoreSoak.BeginAsync(kind);
            if (soak is null)
            {
                rows.Add(Missing(kind));
                continue;
            }

            await soak.LoadAsync();
            await soak.WaitForReclaimAsync();
            while (kind != StoreKind.Memory && soak.MayBeGrowing && soak.HasTime)
            {
                await soak.LoadAsync();
                await soak.WaitForReclaimAsync();
            }

            rows.Add(soak.Row);
        }

        if (redis is not null)
        {
            await redis.WaitForReclaimAsync();
        }

        rows.Add(redis?.Row ?? Missing(StoreKind.Redis));
        var table = new ReportTable(
            "Before and after",
            ["Store", "Sessions", "Records left", "Heap", "Working set", "Database", "In words"],
            [.. rows]
        );
        return new("Soak", Text, [table], []);
    }

    private static string[] Missing(StoreKind kind) => [kind.Name, $"not measured: {kind.Missing}", "", "", "", "", ""];
}
