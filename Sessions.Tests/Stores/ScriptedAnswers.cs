using System.Threading.Channels;
using Sessions.Stores;

namespace Sessions.Tests.Stores;

/// <summary>A store whose reads wait until a test answers them.</summary>
internal sealed class ScriptedAnswers(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private readonly Channel<TaskCompletionSource<SessionLookup>> _reads = Channel.CreateUnbounded<TaskCompletionSource<SessionLookup>>();
    private int _count;

    /// <summary>How many reads came.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How often the store was prepared.</summary>
    public int PreparationCount { get; private set; }

    /// <summary>The next read.</summary>
    public ValueTask<TaskCompletionSource<SessionLookup>> NextAsync(CancellationToken cancellationToken) =>
        _reads.Reader.ReadAsync(cancellationToken);

    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var read = new TaskCompletionSource<SessionLookup>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads.Writer.TryWrite(read);
        return new(read.Task);
    }

    public override ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        PreparationCount++;
        return ValueTask.CompletedTask;
    }
}
