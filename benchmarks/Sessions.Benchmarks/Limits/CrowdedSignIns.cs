using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Stores;

namespace Sessions.Bench.Limits;

/// <summary>Many users who sign in at the same time.</summary>
internal static class CrowdedSignIns
{
    private const int Callers = 64;
    private const int PerUser = 10;

    public static async Task<string[]> MeasureAsync(ISessionStore store, int rounds)
    {
        var sessions = new BenchSessions(SessionValues.Empty);
        var rates = new List<(double Free, double Counted)>();
        for (var round = 0; round <= rounds; round++)
        {
            rates.Add(
                (
                    await RunAsync(store, sessions, null, $"free {round}"),
                    await RunAsync(store, sessions, new() { Max = 1000 }, $"counted {round}")
                )
            );
        }

        rates.RemoveAt(0);
        return
        [
            FigureFormat.Whole(CallTimer.Median(rates.Select(static rate => rate.Free))),
            FigureFormat.Whole(CallTimer.Median(rates.Select(static rate => rate.Counted))),
            FigureFormat.Ratio(CallTimer.Median(rates.Select(static rate => rate.Counted / rate.Free))),
        ];
    }

    private static async Task<double> RunAsync(ISessionStore store, BenchSessions sessions, SessionLimit? limit, string prefix)
    {
        var started = Stopwatch.GetTimestamp();
        var made = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => SignInAsync(caller))));
        return made.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task<int> SignInAsync(int caller)
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1); count++)
            {
                await store.CreateAsync(sessions.Create($"{prefix} {caller} {count / PerUser}"), limit, null, CancellationToken.None);
            }

            return count;
        }
    }
}
