namespace Sessions.Stores;

/// <summary>
/// Makes calls to a server for many callers. Who comes alone is served at once. Callers who come while others are served are gathered until the thread pool has run
/// what was waiting before, among it further callers, and then go together. No caller joins a command that was sent before he came.
/// </summary>
/// <param name="maxBatches">How many may be under way at once. While there are as many, the next one goes on gathering.</param>
internal abstract class GatheredCalls<TRequest, TAnswer>(int maxBatches)
    where TAnswer : class
{
    // A server does nothing else while it answers a command.
    private const int MaxCalls = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Batch> _waiting = [];
    private Batch? _gathering;
    private int _turns = maxBatches;
    private int _underWay;
    private bool _isCrowded;

    public ValueTask<TAnswer?> CallAsync(TRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Where the last batch held several, more are about to come, though nothing may be under way at this instant.
            if (_underWay > 0 || _isCrowded)
            {
                return Gather(new(request, cancellationToken));
            }

            _underWay++;
        }

        return CallAndLeaveAsync(request, cancellationToken);
    }

    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    protected abstract ValueTask<TAnswer?> CallAloneAsync(TRequest request, CancellationToken cancellationToken);

    /// <summary>Closes the batch as late as can be, and answers those who are in it then. Whoever has no answer when this throws, fails.</summary>
    protected abstract Task CallTogetherAsync(Batch batch);

    /// <summary>What one caller is told of a failure.</summary>
    protected abstract Exception Failed(Exception e);

    private ValueTask<TAnswer?> Gather(GatheredCall<TRequest, TAnswer> call)
    {
        if (_gathering is null or { Count: MaxCalls })
        {
            _gathering = new Batch(this);
            _underWay++;
            _waiting.Enqueue(_gathering);
            SendNext();
        }

        _gathering.Add(call);
        return call.AsValueTask();
    }

    private void SendNext()
    {
        if (_turns > 0 && _waiting.TryDequeue(out var next))
        {
            _turns--;
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
    }

    private async ValueTask<TAnswer?> CallAndLeaveAsync(TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAloneAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
            }
        }
    }

    private async Task CallAndLeaveAsync(Batch batch)
    {
        try
        {
            await CallTogetherAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            batch.Close().ForEach(call => call.Fail(Failed(e)));
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
                _turns++;
                SendNext();
            }
        }
    }

    protected sealed class Batch(GatheredCalls<TRequest, TAnswer> owner) : IThreadPoolWorkItem
    {
        private readonly List<GatheredCall<TRequest, TAnswer>> _calls = [];

        public int Count => _calls.Count;

        public void Add(GatheredCall<TRequest, TAnswer> call) => _calls.Add(call);

        /// <summary>From now on nobody joins.</summary>
        /// <returns>Those who wait still.</returns>
        public List<GatheredCall<TRequest, TAnswer>> Close()
        {
            lock (owner._lock)
            {
                owner._isCrowded = Count > 1;
                owner._gathering = owner._gathering == this ? null : owner._gathering;
            }

            _calls.RemoveAll(static call => call.HasEnded);
            return _calls;
        }

        public void Execute() => _ = owner.CallAndLeaveAsync(this);
    }
}
