namespace Sessions.AspNetCore;

/// <summary>
/// Lets the verbs of one request run one after the other, in the order in which they were called, also when a handler starts them together:
/// each begins with what the one before has left.
/// </summary>
internal sealed class VerbQueue
{
    // Flows into what a verb calls: a verb that a loader of users calls runs within the one that loads, and does not wait for it.
    private readonly AsyncLocal<bool> _isInside = new();
    private Task _last = Task.CompletedTask;

    /// <summary>
    /// Waits for the verbs before. To be called by the async method of the verb itself, since what it says about the flow ends with that.
    /// </summary>
    public ValueTask<VerbTurn> EnterAsync()
    {
        if (_isInside.Value)
        {
            return new(default(VerbTurn));
        }

        _isInside.Value = true;
        var turn = new VerbTurn(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var before = Interlocked.Exchange(ref _last, turn.Ended);
        return before.IsCompleted ? new(turn) : AwaitAsync(before, turn);

        static async ValueTask<VerbTurn> AwaitAsync(Task before, VerbTurn turn)
        {
            await before.ConfigureAwait(false);
            return turn;
        }
    }
}

/// <summary>The turn of one verb; ends when it is disposed.</summary>
internal readonly struct VerbTurn(TaskCompletionSource? ended) : IDisposable
{
    public Task Ended => ended?.Task ?? Task.CompletedTask;

    public void Dispose() => ended?.TrySetResult();
}
