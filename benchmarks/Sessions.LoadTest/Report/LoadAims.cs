using Sessions.Bench;
using Sessions.LoadTest.Driving;

namespace Sessions.LoadTest.Report;

/// <summary>What the load test wants to see.</summary>
internal static class LoadAims
{
    public static IEnumerable<Aim> Evaluate(LoadResults results)
    {
        Aim AtLeast(string what, string name, string other, double least) =>
            Compare(results.Many, what, name, other, Rate, $"at least {least:0.00}x", ratio => ratio >= least);

        yield return AtLeast("Auth on Memory against the bare endpoint, rate", "memory", "bare", 0.90);
        yield return CompareAddedCost(results);
        yield return AtLeast("Auth on Memory against AddSession on memory, rate", "memory", "session-memory", 1.5);
        yield return AtLeast("Auth on Memory against the ticket store, rate", "memory", "ticket-store", 1.8);
        yield return AtLeast("Auth on Redis against AddSession on Microsoft's Redis cache, rate", "redis", "session-redis", 2.7);
        yield return Compare(
            results.One,
            "Auth on Redis against AddSession on Microsoft's Redis cache, median latency at 1 connection",
            "redis",
            "session-redis",
            static sample => sample.MedianMicroseconds,
            "at most 0.25x",
            static ratio => ratio <= 0.25
        );
        yield return AtLeast("Auth on Redis against the bare endpoint, no cache", "redis", "bare", 0.56);
        yield return AtLeast("The same, since concurrent fetches go together", "redis", "bare", 0.70);
        const string revoked = "Auth on Redis with UseCache against the bare endpoint, 50 revocations a second";
        yield return results.MinRevocations >= 0.9 * Revocations.PerSecond
            ? AtLeast(revoked, "redis-cache-revoked", "bare", 0.85)
            : Aim.NotMeasured(revoked, "at least 0.85x", $"there were only {results.MinRevocations:0} revocations a second in one round");
        yield return AtLeast("Auth on Postgres against the bare endpoint", "postgres", "bare", 0.30);
        yield return AtLeast("Auth on SQLite against the bare endpoint", "sqlite", "bare", 0.62);
        yield return SignIns(results, "redis", "Redis", 33_000);
        yield return SignIns(results, "postgres", "Postgres", 10_000);
    }

    private static Aim Compare(
        Dictionary<string, Series> all,
        string what,
        string name,
        string other,
        Func<Sample, double> measure,
        string target,
        Func<double, bool> isMet
    )
    {
        if (Missing(all, name, other) is { } missing)
        {
            return Aim.NotMeasured(what, target, $"{missing} did not take part");
        }

        var ratio = all[name].Ratio(all[other], measure);
        return new(what, target, $"{ratio:0.00}x", isMet(ratio));
    }

    private static Aim CompareAddedCost(LoadResults results)
    {
        const string what = "Auth on Memory against the bare endpoint, added processor time of the server";
        const string target = "at most 2 µs";
        if (Missing(results.Many, "memory", "bare") is { } missing)
        {
            return Aim.NotMeasured(what, target, $"{missing} did not take part");
        }

        var added = results.Many["memory"].DifferenceToBare(static sample => sample.ProcessorMicroseconds);
        return new(what, target, $"{added:0.0} µs", added <= 2);
    }

    /// <summary>The aim was set where the bare endpoint answers 62,000 requests a second, and moves with it.</summary>
    private static Aim SignIns(LoadResults results, string name, string title, double rateThere)
    {
        var what = $"Init on {title}, sign-ins over HTTP";
        var target = $"at least {rateThere:N0} a second where the bare endpoint does 62,000";
        if (Missing(results.SignIns, name, "bare") is { } missing)
        {
            return Aim.NotMeasured(what, target, $"{missing} did not take part");
        }

        var there = 62_000 * results.SignIns[name].RatioToBare(Rate);
        return new(what, target, $"{there:N0} there; here {results.SignIns[name].Median(Rate):N0}", there >= rateThere);
    }

    private static string? Missing(Dictionary<string, Series> all, params string[] names) =>
        names.FirstOrDefault(name => !all.TryGetValue(name, out var series) || series.IsEmpty);

    private static double Rate(Sample sample) => sample.RequestsPerSecond;
}
