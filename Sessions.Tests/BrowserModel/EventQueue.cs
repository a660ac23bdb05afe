using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>
/// Simulated time: what is to happen, in the order in which it does. One thing happens after the other, on whatever threads: before the
/// next one everything that runs has come to its end or waits in simulated time. So a run with the same steps is the same run.
/// </summary>
internal sealed class EventQueue(ManualTimeProvider clock)
{
    /// <summary>Only a safety net: what waits for something else than simulated time would wait for ever.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _events = new();
    private readonly object _gate = new();
    private long _order;
    private int _running;

    public DateTimeOffset Now => clock.UtcNow;

    public bool IsEmpty => _events.Count == 0;

    /// <summary>Whether it is a timer that runs now: work behind the requests.</summary>
    public bool RunsTimers { get; private set; }

    public void Schedule(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    /// <summary>Something runs from here to <see cref="End"/>, and nothing else happens meanwhile.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _running++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _running--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A wait in simulated time, of something that runs. What awaits it goes on inside the queue.</summary>
    public Task DelayAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        // Continuations run inline: on the queue's thread, before the next event.
        var source = new TaskCompletionSource();
        Schedule(
            delay,
            () =>
            {
                Begin();
                source.SetResult();
            }
        );
        End();
        return source.Task;
    }

    /// <summary>Lets time pass; what becomes due happens at its own instant.</summary>
    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        WaitUntilIdle();
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            RunNext();
        }

        Advance(end);
    }

    /// <summary>Lets time pass until nothing is left to happen.</summary>
    public void RunToEnd()
    {
        WaitUntilIdle();
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
        WaitUntilIdle();
    }

    private void Advance(DateTimeOffset instant)
    {
        if (instant > Now)
        {
            RunsTimers = true;
            clock.Advance(instant - Now);
            RunsTimers = false;
            WaitUntilIdle();
        }
    }

    private void WaitUntilIdle()
    {
        lock (_gate)
        {
            while (_running > 0)
            {
                if (!Monitor.Wait(_gate, s_patience))
                {
                    throw new InvalidOperationException("Something waits for more than simulated time.");
                }
            }
        }
    }
}
