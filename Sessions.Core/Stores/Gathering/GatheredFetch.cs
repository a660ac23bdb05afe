using System.Threading.Tasks.Sources;

namespace Sessions.Stores;

/// <summary>One caller who waits for a record: until it is there, or cannot be had, or he cancels, whichever is first.</summary>
internal sealed class GatheredFetch<TKey, TRecord> : IValueTaskSource<TRecord?>
    where TRecord : class
{
    private readonly CancellationTokenRegistration _cancellation;

    // Each caller goes on as a work item of his own: one who blocks his thread holds up none of those whose records came with his.
    private ManualResetValueTaskSourceCore<TRecord?> _source = new() { RunContinuationsAsynchronously = true };
    private bool _hasEnded;

    public GatheredFetch(TKey key, CancellationToken cancellationToken)
    {
        Key = key;
        _cancellation = cancellationToken.UnsafeRegister(
            static (fetch, token) => ((GatheredFetch<TKey, TRecord>)fetch!).Fail(new OperationCanceledException(token)),
            this
        );
    }

    public TKey Key { get; }

    public bool HasEnded => Volatile.Read(ref _hasEnded);

    public ValueTask<TRecord?> AsValueTask() => new(this, _source.Version);

    public void Answer(TRecord? record)
    {
        if (IsFirst())
        {
            _source.SetResult(record);
        }
    }

    /// <summary>Ends the wait.</summary>
    /// <param name="e">For this caller only: one that several threads throw is changed by all of them.</param>
    public void Fail(Exception e)
    {
        if (IsFirst())
        {
            _source.SetException(e);
        }
    }

    public TRecord? GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private bool IsFirst() => !Interlocked.Exchange(ref _hasEnded, true);
}
