using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Soak;

/// <summary>What is taken up at a moment, in bytes.</summary>
internal sealed record MemoryReading(long Heap, long WorkingSet, long Database)
{
    // What a process' caches, buffers and compiled code come and go by.
    private const long Slack = 2 * 1024 * 1024;

    public static async Task<MemoryReading> TakeAsync(BenchmarkStore place)
    {
        var heap = await ManagedHeap.CompactAsync();
        return new(heap, Environment.WorkingSet, await place.UsedBytesAsync());
    }

    public bool HeapIsAt(MemoryReading other) => Heap <= other.Heap + Slack;

    public bool DatabaseIsAt(MemoryReading other) => Database <= Math.Max(other.Database + Slack, other.Database * 1.05);
}
