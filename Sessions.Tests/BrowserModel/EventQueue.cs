using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>
/// Simulated time: what is to happen, in the order in which it does. One thread runs everything, so that a run with the same steps is the
/// same run.
/// </summary>
internal sealed class EventQueue(ManualTimeProvider clock)
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _events = new();
    private long _order;

    public DateTimeOffset Now => clock.UtcNow;

    public bool IsEmpty => _events.Count == 0;

    public void Schedule(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    /// <summary>A wait in simulated time. What awaits it goes on inside the queue.</summary>
    public Task DelayAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        // Continuations run inline: on this thread, before the next event.
        var source = new TaskCompletionSource();
        Schedule(delay, source.SetResult);
        return source.Task;
    }

    /// <summary>Lets time pass; what becomes due happens at its own instant.</summary>
    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            RunNext();
        }

        Advance(end);
    }

    /// <summary>Lets time pass until nothing is left to happen.</summary>
    public void RunToEnd()
    {
        while (!IsEmpty)
        {
            RunNext();
        }
    }

    private void RunNext()
    {
        _ = _events.TryDequeue(out var action, out var due);
        Advance(due.At);
        action!();
    }

    private void Advance(DateTimeOffset instant)
    {
        if (instant > Now)
        {
            clock.Advance(instant - Now);
        }
    }
}
