using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Sessions.Bench.Micro;

/// <summary>How BenchmarkDotNet measures: in this process, so that nothing is compiled, and quietly.</summary>
internal static class MicroConfig
{
    private const int Unroll = 16;

    /// <summary>As often as BenchmarkDotNet thinks right, within bounds.</summary>
    public static IConfig Create(bool full) =>
        With(
            full
                ? Default.WithIterationTime(TimeInterval.FromMilliseconds(250)).WithMaxWarmupCount(8).WithMaxIterationCount(16)
                : Short.WithIterationTime(TimeInterval.FromMilliseconds(100))
        );

    /// <summary>
    /// A set number of times, for what leaves something behind: otherwise the fastest store would end up with millions of sessions.
    /// </summary>
    public static IConfig Counted(bool full) =>
        With((full ? Default.WithIterationCount(30) : Short).WithInvocationCount(64 * Unroll).WithUnrollFactor(Unroll));

    /// <summary>For what can be done once after it was made ready.</summary>
    public static IConfig Once(bool full) =>
        // To measure the overhead would make everything ready as often again, and it is nothing beside what is measured.
        With(
            Default
                .WithInvocationCount(1)
                .WithUnrollFactor(1)
                .WithEvaluateOverhead(false)
                .WithWarmupCount(3)
                .WithIterationCount(full ? 30 : 12)
        );

    private static Job Default => Job.Default.WithToolchain(InProcessEmitToolchain.Instance);

    // A call through BenchmarkDotNet costs two or three nanoseconds, which only the long run takes the time to find out.
    private static Job Short => Default.WithWarmupCount(2).WithIterationCount(5).WithEvaluateOverhead(false);

    private static ManualConfig With(Job job) =>
        ManualConfig
            .CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(ReportSection.Folder, "logs"));
}
