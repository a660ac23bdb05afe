using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>
/// What a check allocates on Memory, to the byte: a store in memory answers on the caller's thread, so that thread's own count is all there
/// is.
/// </summary>
internal static class AuthAllocation
{
    private const int Rounds = 10;

    public static async Task<Aim> MeasureAsync()
    {
        var subject = MicroFixture.Subject(StoreKind.Memory.Name);
        // First what is made once, and code that is compiled anew as it gets used.
        await AllocatedAsync(subject);
        var bytes = await AllocatedAsync(subject);
        var calls = Rounds * subject.Tokens.Length;
        return new(
            "Allocations per Auth on Memory, in process, beyond the request itself",
            "0 bytes",
            $"{FigureFormat.Digits((double)bytes / calls)} bytes ({FigureFormat.Whole(bytes)} in {FigureFormat.Whole(calls)} calls)",
            bytes == 0
        );
    }

    private static async ValueTask<long> AllocatedAsync(MicroSubject subject)
    {
        var manager = subject.App.Manager;
        var thread = Environment.CurrentManagedThreadId;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var token in subject.Tokens)
            {
                if (!(await manager.AuthAsync(token)).IsAccepted)
                {
                    throw new InvalidOperationException("A live session was refused.");
                }
            }
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return Environment.CurrentManagedThreadId == thread
            ? bytes
            : throw new InvalidOperationException("An answer was not there at once, so another thread was counted.");
    }
}
