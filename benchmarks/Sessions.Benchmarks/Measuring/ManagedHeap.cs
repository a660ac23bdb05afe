namespace Sessions.Bench.Measuring;

/// <summary>What of this process' managed memory is in use.</summary>
internal static class ManagedHeap
{
    /// <summary>Collects everything, moves together what is left, and says how many bytes that are.</summary>
    public static async Task<long> CompactAsync()
    {
        // Away from the stack of the caller: what was measured before may still lie on it, done with and yet alive.
        await Task.Yield();
        // Twice: what had a finalizer goes with the second.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
