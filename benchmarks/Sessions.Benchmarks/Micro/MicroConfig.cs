using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Sessions.Bench.Micro;

/// <summary>How BenchmarkDotNet measures: in this process, so that nothing is compiled, and quietly.</summary>
internal static class MicroConfig
{
    public static IConfig Of(bool full) =>
        With(full ? Default : Default.WithWarmupCount(2).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(150)));

    /// <summary>For what can be done once after it was made ready.</summary>
    public static IConfig Once(bool full) =>
        With(Default.WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(3).WithIterationCount(full ? 50 : 12));

    private static Job Default => Job.Default.WithToolchain(InProcessEmitToolchain.Instance);

    private static ManualConfig With(Job job) =>
        ManualConfig
            .CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(ReportSection.Folder, "logs"));
}
