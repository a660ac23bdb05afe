using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Bench.Places;
using Sessions.Stores;

namespace Sessions.Bench.Limits;

/// <summary>A lone sign-in against the number of its user's sessions.</summary>
internal static class CountedSignIns
{
    private static readonly int[] s_levels = [0, 10, 100, 999];
    private static readonly SessionLimit s_default = new() { Max = 1000 };

    public static async Task<ReportTable> MeasureAsync(StoreKind kind, ISessionStore store, int rounds)
    {
        var rows = new List<string[]>();
        foreach (var size in new[] { 0, 8 * 1024 })
        {
            var sessions = new BenchSessions(SessionValues.From(size == 0 ? [] : [new("values", CreateText(size))]));
            foreach (var level in s_levels)
            {
                rows.Add([
                    size == 0 ? "none" : "8 KiB",
                    FigureFormat.Whole(level),
                    .. await MeasureAsync(store, sessions, $"{size} {level}", level, rounds),
                ]);
            }
        }

        return new($"A sign-in on {kind.Name}", ["Values", "Sessions", "No limit", "Limit 1000", "Limit reached"], [.. rows]);
    }

    /// <summary>Text that no store makes smaller.</summary>
    private static string CreateText(int size)
    {
        var bytes = new byte[size * 3 / 4];
        new Testing.SeededRandom(1).Fill(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static async Task<string[]> MeasureAsync(ISessionStore store, BenchSessions sessions, string userKey, int level, int rounds)
    {
        await sessions.StoreAsync(store, userKey, level);
        SessionLimit?[] limits = level == 0 ? [null, s_default] : [null, s_default, new SessionLimit { Max = level }];
        var times = limits.Select(static _ => new List<double>()).ToArray();
        for (var round = -20; round < rounds; round++)
        {
            for (var i = 0; i < limits.Length; i++)
            {
                var session = sessions.Create(userKey);
                var started = Stopwatch.GetTimestamp();
                var creation = await store.CreateAsync(session, limits[i], null, CancellationToken.None);
                if (round >= 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds);
                }

                if (creation.Evicted.Count == 0)
                {
                    await store.DeleteAsync(session.Id, SessionMarker.None, CancellationToken.None);
                }
            }
        }

        var medians = times.Select(static times => FigureFormat.Time(CallTimer.Median(times))).ToArray();
        return level == 0 ? [.. medians, ""] : medians;
    }
}
