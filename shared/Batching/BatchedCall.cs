using System.Threading.Tasks.Sources;

namespace Sessions.Stores;

/// <summary>One caller who waits for an answer: until it is there, or cannot be had, or he cancels, whichever is first.</summary>
internal sealed class BatchedCall<TRequest, TAnswer> : IValueTaskSource<TAnswer?>
    where TAnswer : class
{
    private readonly CancellationTokenRegistration _cancellation;

    // Each caller goes on as a work item of his own: one who blocks his thread holds up none of those whose answers came with his.
    private ManualResetValueTaskSourceCore<TAnswer?> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isCompleted;

    public BatchedCall(TRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        _cancellation = cancellationToken.UnsafeRegister(
            static (call, token) => ((BatchedCall<TRequest, TAnswer>)call!).SetException(new OperationCanceledException(token)),
            this
        );
    }

    public TRequest Request { get; }

    public bool IsCompleted => Volatile.Read(ref _isCompleted);

    public ValueTask<TAnswer?> AsValueTask() => new(this, _source.Version);

    public void SetResult(TAnswer? result)
    {
        if (TryComplete())
        {
            _source.SetResult(result);
        }
    }

    /// <summary>Ends the wait.</summary>
    /// <param name="e">For this caller only: one that several threads throw is changed by all of them.</param>
    public void SetException(Exception e)
    {
        if (TryComplete())
        {
            _source.SetException(e);
        }
    }

    public TAnswer? GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private bool TryComplete() => !Interlocked.Exchange(ref _isCompleted, true);
}
