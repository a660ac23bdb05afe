namespace Sessions.Stores;

/// <summary>A question to the store that several requests wait for.</summary>
internal sealed class SharedFetch(long askedAt)
{
    private readonly TaskCompletionSource<Session?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it was asked, by the monotonic clock.</summary>
    public long AskedAt { get; } = askedAt;

    public Task<Session?> Answer => _answer.Task;

    public void Succeed(Session? session) => _answer.SetResult(session);

    public void Fail(Exception exception)
    {
        _answer.SetException(exception);

        // Perhaps everybody who waited has hung up.
        _ = _answer.Task.Exception;
    }
}
