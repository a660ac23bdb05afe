namespace Sessions.Testing;

/// <summary>One call that a <see cref="FailingSessionStore"/> holds back, so that a test decides what happens meanwhile.</summary>
public sealed class HeldCall : IDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal HeldCall(StoreOperations operations, FaultMoment moment)
    {
        (Operations, Moment) = (operations, moment);
    }

    /// <summary>Completes when a call has come so far.</summary>
    public Task Arrived => _arrived.Task;

    internal StoreOperations Operations { get; }

    internal FaultMoment Moment { get; }

    /// <summary>Lets the call go on, also one that has not come yet.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>The same as <see cref="Release"/>: a test that failed leaves no call waiting.</summary>
    public void Dispose() => Release();

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
