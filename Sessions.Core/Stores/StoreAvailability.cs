using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>
/// Whether a store is known to be down. While it is, calls fail at once instead of waiting for the timeouts of a driver, and one probe at a
/// time finds out when the store answers again.
/// </summary>
/// <remarks>
/// A store is suspected when a call failed slowly, or calls wait, and no other call had an answer meanwhile. That alone says little: one
/// node of several may be down, or one statement may have waited for a lock. So a probe follows, and calls go on until it fails or has had
/// no answer for <see cref="ProbePatience"/>.
/// </remarks>
/// <param name="name">The name of the sessions.</param>
/// <param name="store">The store itself, without what counts its failures.</param>
/// <param name="outage">Gets the failures and successes of probes.</param>
/// <param name="time">Measures how long calls and probes take.</param>
/// <param name="machineTime">
/// Measures calls, too: a call is slow only if both say so, for a clock that a test moves on by hours says nothing of how long a driver
/// waited. Null: the machine's.
/// </param>
internal sealed class StoreAvailability(
    string name,
    ISessionStore store,
    StoreOutage outage,
    TimeProvider time,
    TimeProvider? machineTime = null
) : IDisposable
{
    /// <summary>A call that fails sooner holds up no request, and may be made again.</summary>
    public static readonly TimeSpan SlowFailure = TimeSpan.FromMilliseconds(50);

    /// <summary>For how long calls may wait without any answer until a probe is sent.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    /// <summary>For how long a probe may wait until the store counts as down.</summary>
    public static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    /// <summary>Between two probes.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _machineTime = machineTime ?? TimeProvider.System;
    private readonly CancellationTokenSource _stopping = new();
    private volatile SessionStoreException? _failure;
    private int _isProbing;
    private int _waiting;
    private long _answers;
    private long _lastAnswer;
    private long _lastMachineAnswer;

    /// <summary>Whether calls fail at once.</summary>
    public bool IsDown => _failure is not null;

    /// <summary>A call begins that does not have its answer at once.</summary>
    /// <returns>What its end is compared with.</returns>
    /// <exception cref="SessionStoreException">The store is known to be down.</exception>
    public (long Start, long MachineStart, long Answers) Begin()
    {
        ThrowIfDown();
        var (now, machineNow) = (time.GetTimestamp(), _machineTime.GetTimestamp());
        if (Interlocked.Increment(ref _waiting) == 1)
        {
            RecordAnswerAt(now, machineNow);
        }
        else if (HavePassed(AnswerPatience, Volatile.Read(ref _lastAnswer), Volatile.Read(ref _lastMachineAnswer)))
        {
            StartProbing();
        }

        return (now, machineNow, Volatile.Read(ref _answers));
    }

    /// <summary>A call ends, with or without an answer.</summary>
    public void End() => Interlocked.Decrement(ref _waiting);

    public void RecordAnswer()
    {
        Interlocked.Increment(ref _answers);
        RecordAnswerAt(time.GetTimestamp(), _machineTime.GetTimestamp());
    }

    public void RecordFailure((long Start, long MachineStart, long Answers) call)
    {
        if (HavePassed(SlowFailure, call.Start, call.MachineStart) && Volatile.Read(ref _answers) == call.Answers)
        {
            StartProbing();
        }
    }

    /// <summary>The store did not answer when the application started.</summary>
    public void RecordUnreached()
    {
        _failure = new("It was not reached when the application started.");
        outage.RecordFailure(_failure);
        StartProbing();
    }

    /// <exception cref="SessionStoreException">The store is known to be down.</exception>
    public void ThrowIfDown()
    {
        if (_failure is { } failure)
        {
            throw new SessionStoreException(
                $"The store of {SessionLog.FormatName(name)} is down, and was not called: a probe finds out when it answers again. {failure.Message}",
                failure.InnerException ?? failure
            );
        }
    }

    /// <summary>Probes no more.</summary>
    public void Dispose() => _stopping.Cancel();

    private void RecordAnswerAt(long timestamp, long machineTimestamp)
    {
        Volatile.Write(ref _lastAnswer, timestamp);
        Volatile.Write(ref _lastMachineAnswer, machineTimestamp);
    }

    private bool HavePassed(TimeSpan span, long since, long machineSince) =>
        time.GetElapsedTime(since) >= span && _machineTime.GetElapsedTime(machineSince) >= span;

    private void StartProbing()
    {
        if (Interlocked.Exchange(ref _isProbing, 1) == 0)
        {
            _ = Task.Run(ProbeUntilAnsweredAsync);
        }
    }

    private async Task ProbeUntilAnsweredAsync()
    {
        try
        {
            while ((_failure = await ProbeAsync().ConfigureAwait(false)) is not null)
            {
                await Task.Delay(ProbeInterval, time, _stopping.Token).ConfigureAwait(false);
            }

            Interlocked.Exchange(ref _isProbing, 0);
            if (IsDown)
            {
                // Since then the start of the application has found it out of reach.
                StartProbing();
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    /// <returns>Why the store is down; null: it answers.</returns>
    private async Task<SessionStoreException?> ProbeAsync()
    {
        var probe = Task.Run(AnswerAsync);
        await Task.WhenAny(probe, Task.Delay(ProbePatience, time, _stopping.Token)).ConfigureAwait(false);
        if (!probe.IsCompleted)
        {
            _failure ??= new($"It has not answered for {ProbePatience.TotalSeconds:0} s.");
        }

        // One probe at a time: the next one waits for the end of this one, however long a driver takes.
        return await probe.WaitAsync(_stopping.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes the whole way to the backend and back: no session has a new id. A store that was out of reach when the application started is
    /// prepared first.
    /// </summary>
    private async Task<SessionStoreException?> AnswerAsync()
    {
        try
        {
            await store.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
            await store.FetchAsync(SessionId.Create(userKey: null), CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (SessionStoreException e)
        {
            outage.RecordFailure(e);
            return e;
        }
#pragma warning disable CA1031 // A store that refuses what it is asked is there, and says so to its callers.
        catch
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
