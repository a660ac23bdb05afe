namespace Sessions.Stores;

/// <summary>
/// Reads records for many callers. Who comes alone is served at once. Callers who come while others are served are gathered until the thread pool has run
/// what was waiting before, among it further callers, and then go together. No caller joins a command that was sent before he came.
/// </summary>
/// <param name="maxBatches">How many may be under way at once. While there are as many, the next one goes on gathering.</param>
internal abstract class GatheredFetches<TKey, TRecord>(int maxBatches)
    where TRecord : class
{
    // A server does nothing else while it answers a command.
    private const int MaxFetches = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Batch> _waiting = [];
    private Batch? _gathering;
    private int _turns = maxBatches;
    private int _underWay;
    private bool _isCrowded;

    public ValueTask<TRecord?> FetchAsync(TKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Where the last batch held several, more are about to come, though nothing may be under way at this instant.
            if (_underWay > 0 || _isCrowded)
            {
                return Gather(new(key, cancellationToken));
            }

            _underWay++;
        }

        return FetchAndLeaveAsync(key, cancellationToken);
    }

    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    protected abstract ValueTask<TRecord?> FetchAloneAsync(TKey key, CancellationToken cancellationToken);

    /// <summary>Closes the batch as late as can be, and answers those who are in it then. Whoever has no answer when this throws, fails.</summary>
    protected abstract Task FetchTogetherAsync(Batch batch);

    /// <summary>What one caller is told of a failure.</summary>
    protected abstract Exception Failed(Exception e);

    private ValueTask<TRecord?> Gather(GatheredFetch<TKey, TRecord> fetch)
    {
        if (_gathering is null or { Count: MaxFetches })
        {
            _gathering = new Batch(this);
            _underWay++;
            _waiting.Enqueue(_gathering);
            SendNext();
        }

        _gathering.Add(fetch);
        return fetch.AsValueTask();
    }

    private void SendNext()
    {
        if (_turns > 0 && _waiting.TryDequeue(out var next))
        {
            _turns--;
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
    }

    private async ValueTask<TRecord?> FetchAndLeaveAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAloneAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
            }
        }
    }

    private async Task FetchAndLeaveAsync(Batch batch)
    {
        try
        {
            await FetchTogetherAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            batch.Close().ForEach(fetch => fetch.Fail(Failed(e)));
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

    protected sealed class Batch(GatheredFetches<TKey, TRecord> owner) : IThreadPoolWorkItem
    {
        private readonly List<GatheredFetch<TKey, TRecord>> _fetches = [];

        public int Count => _fetches.Count;

        public void Add(GatheredFetch<TKey, TRecord> fetch) => _fetches.Add(fetch);

        /// <summary>From now on nobody joins.</summary>
        /// <returns>Those who wait still.</returns>
        public List<GatheredFetch<TKey, TRecord>> Close()
        {
            lock (owner._lock)
            {
                owner._isCrowded = Count > 1;
                owner._gathering = owner._gathering == this ? null : owner._gathering;
            }

            _fetches.RemoveAll(static fetch => fetch.HasEnded);
            return _fetches;
        }

        public void Execute() => _ = owner.FetchAndLeaveAsync(this);
    }
}
