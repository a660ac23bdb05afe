using Sessions.Tests.Servers;

namespace Sessions.Bench.Places;

/// <summary>
/// An empty place of one store's own: a server, a file, or nothing but the memory of this process. Gone when it is disposed.
/// </summary>
internal abstract class BenchmarkStore : IAsyncDisposable
{
    /// <summary>How many sessions can be made there in a time that a run has: at length, or not.</summary>
    public abstract int MaxSessions(bool full);

    public abstract void Use(SessionUpBuilder sessions);

    /// <summary>
    /// How many bytes the sessions take, as far as the place can tell them from the rest; what can be tidied up is first.
    /// </summary>
    public abstract Task<long> UsedBytesAsync();

    /// <summary>How many records there are, expired ones included; null where the place cannot be asked.</summary>
    public virtual Task<long?> CountAsync() => Task.FromResult<long?>(null);

    public abstract ValueTask DisposeAsync();

    protected static string NewFolder() => ServerFiles.NewFolder();
}
