using System.Threading.Tasks.Sources;

namespace Sessions.Stores;

/// <summary>
/// For authors of stores: one call in a batch. It waits for its result until that is there, or cannot be had, or the caller cancels,
/// whichever is first.
/// </summary>
/// <typeparam name="TRequest">What a call contains.</typeparam>
/// <typeparam name="TResult">What the caller gets.</typeparam>
public sealed class BatchedCall<TRequest, TResult> : IValueTaskSource<TResult?>
    where TResult : class
{
    private readonly CancellationTokenRegistration _cancellation;

    // Each caller goes on as a work item of its own: one that blocks its thread holds up none of those whose results came with its own.
    private ManualResetValueTaskSourceCore<TResult?> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isCompleted;

    internal BatchedCall(TRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        _cancellation = cancellationToken.UnsafeRegister(
            static (call, token) => ((BatchedCall<TRequest, TResult>)call!).SetException(new OperationCanceledException(token)),
            this
        );
    }

    /// <summary>What the call contains.</summary>
    public TRequest Request { get; }

    internal bool IsCompleted => Volatile.Read(ref _isCompleted);

    /// <summary>Ends the wait with a result; null: there is none. Without effect, when the wait has ended already.</summary>
    public void SetResult(TResult? result)
    {
        if (TryComplete())
        {
            _source.SetResult(result);
        }
    }

    /// <summary>Ends the wait with a failure. Without effect, when the wait has ended already.</summary>
    /// <param name="exception">For this caller only: one that several threads throw is changed by all of them.</param>
    public void SetException(Exception exception)
    {
        if (TryComplete())
        {
            _source.SetException(exception);
        }
    }

    TResult? IValueTaskSource<TResult?>.GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<TResult?>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<TResult?>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _source.OnCompleted(continuation, state, token, flags);

    internal ValueTask<TResult?> AsValueTask() => new(this, _source.Version);

    private bool TryComplete() => !Interlocked.Exchange(ref _isCompleted, true);
}
