using System.Numerics;

namespace Sessions.Testing;

/// <summary>What a <see cref="FailingSessionStore"/> does to its calls, and how many there were.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Failure> _failures = [];
    private readonly List<HeldCall> _holds = [];
    private readonly int[] _calls = new int[BitOperations.PopCount((uint)StoreOperations.All)];

    public void Fail(StoreOperations operations, FaultMoment moment, int times, Func<Exception> createException)
    {
        lock (_gate)
        {
            _failures.Add(new(operations, moment, createException) { Remaining = times });
        }
    }

    public HeldCall Hold(StoreOperations operations, FaultMoment moment)
    {
        var hold = new HeldCall(operations, moment);
        lock (_gate)
        {
            _holds.Add(hold);
        }

        return hold;
    }

    public void ClearFailures()
    {
        lock (_gate)
        {
            _failures.Clear();
        }
    }

    public int CountCalls(StoreOperations operations)
    {
        lock (_gate)
        {
            return _calls.Where((_, i) => operations.HasFlag((StoreOperations)(1 << i))).Sum();
        }
    }

    public void Count(StoreOperations operation)
    {
        lock (_gate)
        {
            _calls[BitOperations.TrailingZeroCount((int)operation)]++;
        }
    }

    /// <summary>Waits where a call is held, then fails where it has to.</summary>
    public async ValueTask ApplyAsync(StoreOperations operation, FaultMoment moment, CancellationToken cancellationToken)
    {
        HeldCall? hold;
        lock (_gate)
        {
            hold = _holds.Find(hold => hold.Moment == moment && hold.Operations.HasFlag(operation));
            _holds.Remove(hold!);
        }

        if (hold is not null)
        {
            await hold.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Read only now: a fault that a test sets while it holds a call applies to that call.
        if (TakeFailure(operation, moment) is { } failure)
        {
            throw new SessionStoreException($"The store was told to fail {operation}, {moment}.", failure.Cause());
        }
    }

    private Failure? TakeFailure(StoreOperations operation, FaultMoment moment)
    {
        lock (_gate)
        {
            var failure = _failures.Find(failure => failure.Moment == moment && failure.Operations.HasFlag(operation));
            if (failure is not null && failure.Remaining != int.MaxValue && --failure.Remaining == 0)
            {
                _failures.Remove(failure);
            }

            return failure;
        }
    }

    private sealed record Failure(StoreOperations Operations, FaultMoment Moment, Func<Exception> Cause)
    {
        public int Remaining { get; set; }
    }
}
