using System.Diagnostics;

namespace Sessions.Bench.Measuring;

/// <summary>What a call costs, one after the other, in nanoseconds.</summary>
internal static class CallTimer
{
    /// <summary>The median of several runs, after one that does not count.</summary>
    /// <param name="runs">How many count.</param>
    /// <param name="calls">In each run.</param>
    /// <param name="call">Is given its number, which goes on through all runs.</param>
    public static async Task<double> MedianAsync<T>(int runs, int calls, Func<int, ValueTask<T>> call)
    {
        var perCall = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                await call((run * calls) + i);
            }

            perCall.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls);
        }

        return Median(perCall.Skip(1));
    }

    /// <summary>The same where each call needs something made ready that is not to be timed.</summary>
    public static async Task<double> MedianAsync<TReady, T>(int runs, Func<int, Task<TReady>> prepare, Func<TReady, ValueTask<T>> call)
    {
        var perCall = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            var ready = await prepare(run);
            var started = Stopwatch.GetTimestamp();
            await call(ready);
            perCall.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }

        return Median(perCall.Skip(1));
    }

    public static double Median(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
