namespace Sessions.Stores;

/// <summary>
/// Makes calls to a server for many callers. Who comes alone is served at once. Callers who come while others are served are gathered until the thread pool has run
/// what was waiting before, among it further callers, and then go together. No caller joins a command that was sent before he came.
/// </summary>
/// <param name="maxBatches">How many may be under way at once. While there are as many, the next one goes on gathering.</param>
internal abstract class RequestBatcher<TRequest, TAnswer>(int maxBatches)
    where TAnswer : class
{
    // A server does nothing else while it answers a command.
    private const int MaxBatchSize = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Batch> _waiting = [];
    private Batch? _openBatch;
    private int _freeSlots = maxBatches;
    private int _inFlight;
    private bool _isBusy;

    public ValueTask<TAnswer?> ExecuteAsync(TRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Where the last batch held several, more are about to come, though nothing may be under way at this instant.
            if (_inFlight > 0 || _isBusy)
            {
                return Enqueue(new(request, cancellationToken));
            }

            _inFlight++;
        }

        return RunAsync(request, cancellationToken);
    }

    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    protected abstract ValueTask<TAnswer?> ExecuteOneAsync(TRequest request, CancellationToken cancellationToken);

    /// <summary>Closes the batch as late as can be, and answers those who are in it then. Whoever has no answer when this throws, fails.</summary>
    protected abstract Task ExecuteBatchAsync(Batch batch);

    /// <summary>What one caller is told of a failure.</summary>
    protected abstract Exception WrapException(Exception e);

    private ValueTask<TAnswer?> Enqueue(BatchedCall<TRequest, TAnswer> call)
    {
        if (_openBatch is null or { Count: MaxBatchSize })
        {
            _openBatch = new Batch(this);
            _inFlight++;
            _waiting.Enqueue(_openBatch);
            DispatchNext();
        }

        _openBatch.Add(call);
        return call.AsValueTask();
    }

    private void DispatchNext()
    {
        if (_freeSlots > 0 && _waiting.TryDequeue(out var next))
        {
            _freeSlots--;
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
    }

    private async ValueTask<TAnswer?> RunAsync(TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteOneAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _inFlight--;
            }
        }
    }

    private async Task RunAsync(Batch batch)
    {
        try
        {
            await ExecuteBatchAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            batch.Close().ForEach(call => call.SetException(WrapException(e)));
        }
        finally
        {
            lock (_lock)
            {
                _inFlight--;
                _freeSlots++;
                DispatchNext();
            }
        }
    }

    protected sealed class Batch(RequestBatcher<TRequest, TAnswer> owner) : IThreadPoolWorkItem
    {
        private readonly List<BatchedCall<TRequest, TAnswer>> _calls = [];

        public int Count => _calls.Count;

        public void Add(BatchedCall<TRequest, TAnswer> call) => _calls.Add(call);

        /// <summary>From now on nobody joins.</summary>
        /// <returns>Those who wait still.</returns>
        public List<BatchedCall<TRequest, TAnswer>> Close()
        {
            lock (owner._lock)
            {
                owner._isBusy = Count > 1;
                owner._openBatch = owner._openBatch == this ? null : owner._openBatch;
            }

            _calls.RemoveAll(static call => call.IsCompleted);
            return _calls;
        }

        public void Execute() => _ = owner.RunAsync(this);
    }
}
