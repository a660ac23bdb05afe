using BenchmarkDotNet.Reports;
using Sessions.Bench.Measuring;

namespace Sessions.Bench.Micro;

/// <summary>What BenchmarkDotNet found out of one call.</summary>
/// <param name="Call">What was called.</param>
/// <param name="On">With what.</param>
/// <param name="Mean">In nanoseconds; null: it failed, and the log says why.</param>
/// <param name="Median">In nanoseconds.</param>
/// <param name="P95">In nanoseconds.</param>
/// <param name="Allocated">In bytes, on all threads.</param>
internal sealed record MicroResult(string Call, string On, double? Mean, double Median, double P95, long? Allocated)
{
    public string[] Row =>
        Mean is { } mean
            ?
            [
                Call,
                On,
                FigureFormat.Time(mean),
                FigureFormat.Time(Median),
                FigureFormat.Time(P95),
                Allocated is { } bytes ? FigureFormat.Bytes(bytes) : "",
            ]
            : [Call, On, "not measured: failed, see the log", "", "", ""];

    public static MicroResult Create(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        // A number that stands alone would not say what it counts.
        var on = benchmark
            .Parameters.Items.OrderBy(static item => item.Value is int)
            .Select(static item => item.Value is int count ? $"{FigureFormat.Whole(count)} sessions" : $"{item.Value}");
        return new(
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            string.Join(", ", on),
            report.ResultStatistics?.Mean,
            report.ResultStatistics?.Median ?? 0,
            report.ResultStatistics?.Percentiles.P95 ?? 0,
            report.GcStats.GetBytesAllocatedPerOperation(benchmark)
        );
    }
}
