namespace Sessions.Tests.AspNetCore;

/// <summary>Requests wait here until all are there, so that what follows happens at once.</summary>
internal sealed class Meeting(int expected)
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _there;

    public Task JoinAsync()
    {
        if (Interlocked.Increment(ref _there) == expected)
        {
            _complete.SetResult();
        }

        return _complete.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
