namespace Sessions.Stores;

/// <summary>A question to the store that several requests wait for.</summary>
internal sealed class PendingFetch(long startedAt)
{
    private readonly TaskCompletionSource<SessionLookup> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it was asked, by the monotonic clock.</summary>
    public long StartedAt { get; } = startedAt;

    public Task<SessionLookup> Completion => _completion.Task;

    public void SetResult(SessionLookup found) => _completion.SetResult(found);

    public void SetException(Exception exception)
    {
        _completion.SetException(exception);

        // Perhaps every caller that waited has cancelled.
        _ = _completion.Task.Exception;
    }
}

/// <summary>What the store returned for a session, to this call or to another one that was waited for.</summary>
/// <param name="Found">What it returned.</param>
/// <param name="IsFromStore">Whether the store was asked after the question came up. If not, it may only be used to say yes.</param>
internal readonly record struct CacheLookup(SessionLookup Found, bool IsFromStore);
