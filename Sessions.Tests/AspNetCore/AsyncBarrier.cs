namespace Sessions.Tests.AspNetCore;

/// <summary>Requests wait here until all are there, so that what follows happens at once.</summary>
internal sealed class AsyncBarrier(int expected)
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    public Task SignalAndWaitAsync()
    {
        if (Interlocked.Increment(ref _arrived) == expected)
        {
            _complete.SetResult();
        }

        return _complete.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
