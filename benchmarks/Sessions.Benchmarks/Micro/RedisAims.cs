using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>
/// The aims for a user with a thousand sessions on Redis, which are set for a machine on which a GET takes 65 µs and scaled to this one.
/// </summary>
internal static class RedisAims
{
    private const double GetNanoseconds = 65e3;

    private static readonly (string Call, double Nanoseconds)[] s_targets = [("FetchAll", 1.2e6), ("RevokeOther", 1.4e6)];

    public static IEnumerable<Aim> Evaluate(IReadOnlyList<MicroResult> results)
    {
        var get = results.SingleOrDefault(static result => result.Call.StartsWith("Redis GET", StringComparison.Ordinal));
        foreach (var (call, target) in s_targets)
        {
            var what = $"{call} of 1000 sessions on Redis, in process";
            var words = $"at most {FigureFormat.Time(target)} where a Redis GET takes {FigureFormat.Time(GetNanoseconds)}";
            var result = results.SingleOrDefault(result =>
                result.Call == call && result.On.StartsWith($"{StoreKind.Redis.Name}, 1,000", StringComparison.Ordinal)
            );
            if (get?.Mean is null || result?.Mean is null)
            {
                yield return Aim.NotMeasured(what, words, get is null ? StoreKind.Redis.Missing : "the benchmark failed");
                continue;
            }

            // Medians: of the few times that a thing is done once, a collection in one would move the mean.
            var (measuredGet, measured) = (get.Median, result.Median);
            var scaled = target * measuredGet / GetNanoseconds;
            yield return new(
                what,
                words,
                $"{FigureFormat.Time(measured)} where a GET takes {FigureFormat.Time(measuredGet)}, which makes the aim {FigureFormat.Time(scaled)}",
                measured <= scaled
            );
        }
    }
}
