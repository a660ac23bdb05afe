using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>What single calls cost, with BenchmarkDotNet.</summary>
internal static class MicroPart
{
    private static readonly string Version = typeof(Summary).Assembly.GetName().Version!.ToString(3);

    private static readonly string Text = $"""
        BenchmarkDotNet {Version}, in process. Every store holds 10,000 sessions of 1,000 users, and 1,000 of one user; tokens come in any order, one call after the other. Mean, median and 95th
        percentile of the iterations. What is allocated includes the driver's share, on all threads. RevokeOther is called once after its sessions were made, so it has the timer's grain and no warm
        processor. With `UseCache` nearly all calls are answered in process.
        """;

    public static async Task<ReportSection> RunAsync(bool full)
    {
        await MicroFixture.SetUpAsync();
        try
        {
            var (usual, once) = (MicroConfig.Create(full), MicroConfig.Once(full));
            List<Summary> summaries = [Run<TokenBenchmarks>(usual), Run<AuthBenchmarks>(usual)];
            if (MicroFixture.Redis is not null)
            {
                summaries.Add(Run<RedisBenchmarks>(usual));
            }

            summaries.AddRange([
                Run<FetchAllBenchmarks>(usual),
                Run<VerbBenchmarks>(MicroConfig.Counted(full)),
                Run<RevokeOtherBenchmarks>(once),
                Run<CookieBenchmarks>(usual),
            ]);
            var results = summaries.SelectMany(static summary => summary.Reports).Select(MicroResult.Create).ToList();
            return new("Single calls", Text, [Table(results)], [await AuthAllocation.MeasureAsync(), .. RedisAims.Evaluate(results)]);
        }
        finally
        {
            await MicroFixture.TearDownAsync();
        }
    }

    private static Summary Run<T>(IConfig config)
    {
        Console.WriteLine($"   {typeof(T).Name}");
        return BenchmarkRunner.Run<T>(config);
    }

    private static ReportTable Table(IEnumerable<MicroResult> results)
    {
        var missing = StoreKind.All.Where(static kind => !MicroFixture.Stores.Contains(kind.Name));
        return new(
            "Single calls",
            ["Call", "On", "Mean", "Median", "p95", "Allocated"],
            [
                .. results.Select(static result => result.Row),
                .. missing.Select(static kind => new[] { "All", kind.Name, $"not measured: {kind.Missing}", "", "", "" }),
            ]
        );
    }
}
