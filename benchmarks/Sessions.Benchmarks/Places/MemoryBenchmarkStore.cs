using Microsoft.Extensions.DependencyInjection;
using Sessions.Bench.Measuring;

namespace Sessions.Bench.Places;

/// <summary>The memory of this process. What is there besides sessions is the same before and after.</summary>
internal sealed class MemoryBenchmarkStore : BenchmarkStore
{
    public override int MaxSessions(bool full) => 1_000_000;

    public override void Use(SessionUpBuilder sessions) => sessions.UseMemory();

    public override Task<long> UsedBytesAsync() => ManagedHeap.CompactAsync();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
