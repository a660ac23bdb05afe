namespace Sessions.Stores;

/// <summary>
/// For authors of stores: sends the requests of many callers to a server. A caller that comes alone is served at once. Callers that come
/// while others are served are gathered until the thread pool has run what was waiting before, among it further callers, and then go
/// together. No caller joins a command that was sent before it came.
/// </summary>
/// <typeparam name="TRequest">What a call contains.</typeparam>
/// <typeparam name="TResult">What a caller gets.</typeparam>
/// <param name="backend">The name of the backend, for failures.</param>
/// <param name="maxBatches">How many may be under way at once. While there are as many, the next one goes on gathering.</param>
public abstract class RequestBatcher<TRequest, TResult>(string backend, int maxBatches)
    where TResult : class
{
    // A server does nothing else while it answers a command.
    private const int MaxBatchSize = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Batch> _waiting = [];
    private Batch? _openBatch;
    private int _freeSlots = maxBatches;
    private int _inFlight;
    private bool _isBusy;

    /// <summary>Sends one request, alone or with others.</summary>
    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    public ValueTask<TResult?> ExecuteAsync(TRequest request, CancellationToken cancellationToken)
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

    /// <summary>Sends a request that came alone.</summary>
    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    protected abstract ValueTask<TResult?> ExecuteOneAsync(TRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Closes the batch as late as can be, and gives those that are in it then their results. When it throws, those without a result fail.
    /// </summary>
#pragma warning disable RS0041 // The analyzer takes a class that is nested in a generic one for oblivious of null.
    protected abstract Task ExecuteBatchAsync(Batch batch);
#pragma warning restore RS0041

    /// <summary>A failure for one caller, which no other gets.</summary>
    protected SessionStoreException CreateFailure(Exception exception) =>
        exception is SessionStoreException failure ? StoreFailure.Copy(failure) : StoreFailure.Create(backend, exception);

    private ValueTask<TResult?> Enqueue(BatchedCall<TRequest, TResult> call)
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

    private async ValueTask<TResult?> RunAsync(TRequest request, CancellationToken cancellationToken)
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
            batch.Close().ForEach(call => call.SetException(CreateFailure(e)));
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

    /// <summary>Callers that go together.</summary>
    protected sealed class Batch : IThreadPoolWorkItem
    {
        private readonly RequestBatcher<TRequest, TResult> _owner;
        private readonly List<BatchedCall<TRequest, TResult>> _calls = [];

        internal Batch(RequestBatcher<TRequest, TResult> owner)
        {
            _owner = owner;
        }

        internal int Count => _calls.Count;

        /// <summary>From now on no caller joins.</summary>
        /// <returns>The calls that still wait.</returns>
        public List<BatchedCall<TRequest, TResult>> Close()
        {
            lock (_owner._lock)
            {
                _owner._isBusy = Count > 1;
                _owner._openBatch = _owner._openBatch == this ? null : _owner._openBatch;
            }

            _calls.RemoveAll(static call => call.IsCompleted);
            return _calls;
        }

        void IThreadPoolWorkItem.Execute() => _ = _owner.RunAsync(this);

        internal void Add(BatchedCall<TRequest, TResult> call) => _calls.Add(call);
    }
}
