namespace Sessions.Stores;

/// <summary>A question to the store that several requests wait for.</summary>
internal sealed class PendingFetch(long startedAt)
{
    private readonly TaskCompletionSource<Session?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it was asked, by the monotonic clock.</summary>
    public long StartedAt { get; } = startedAt;

    public Task<Session?> Completion => _completion.Task;

    public void SetResult(Session? session) => _completion.SetResult(session);

    public void SetException(Exception exception)
    {
        _completion.SetException(exception);

        // Perhaps every caller that waited has cancelled.
        _ = _completion.Task.Exception;
    }
}

/// <summary>What the store returned for a session, to this call or to another one that was waited for.</summary>
/// <param name="Session">The session; null: there is none.</param>
/// <param name="IsFromStore">Whether the store was asked after the question came up. If not, it may only be used to say yes.</param>
internal readonly record struct CacheLookup(Session? Session, bool IsFromStore);
