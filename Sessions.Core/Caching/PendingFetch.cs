namespace Sessions.Stores;

/// <summary>A question to the store that several requests wait for.</summary>
internal sealed class PendingFetch(long startedAt)
{
    private readonly TaskCompletionSource<SessionLookup> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the store was called, by the monotonic clock.</summary>
    public long StartedAt { get; } = startedAt;

    public Task<SessionLookup> Completion => _completion.Task;

    public void SetResult(SessionLookup found) => _completion.SetResult(found);

    public void SetException(Exception exception)
    {
        _completion.SetException(exception);

        // Observed here, since every caller that waited may have cancelled.
        _ = _completion.Task.Exception;
    }
}

/// <summary>What the store returned for a session, to this call or to another one that was waited for.</summary>
/// <param name="Found">What it returned.</param>
/// <param name="IsFromStore">Whether the store was read after the caller came. If not, the session may only be accepted by it, and never
/// refused.</param>
internal readonly record struct CacheLookup(SessionLookup Found, bool IsFromStore);
