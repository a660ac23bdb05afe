using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// Reads records for many callers. Who comes alone is served at once. Callers who come while others are served are gathered until the thread pool has run
/// what was waiting before, among it further callers, and then go together in one command. No caller joins a command that was sent before he came.
/// </summary>
internal sealed class RedisFetches(RedisConnection connection)
{
    // A server does nothing else while it answers a command.
    private const int MaxKeys = 128;

    private readonly Lock _lock = new();
    private Batch? _gathering;
    private int _underWay;
    private bool _isCrowded;

    public ValueTask<byte[]?> FetchAsync(RedisKey key, CancellationToken cancellationToken)
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

        return FetchAloneAsync(key, cancellationToken);
    }

    private ValueTask<byte[]?> Gather(RedisFetch fetch)
    {
        if (_gathering is null or { Fetches.Count: MaxKeys })
        {
            _gathering = new Batch(this);
            _underWay++;
            ThreadPool.UnsafeQueueUserWorkItem(_gathering, preferLocal: false);
        }

        _gathering.Fetches.Add(fetch);
        return fetch.AsValueTask();
    }

    private async ValueTask<byte[]?> FetchAloneAsync(RedisKey key, CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await connection.GetAsync(cancellationToken).ConfigureAwait(false);
            var record = multiplexer.GetDatabase().StringGetAsync(key, CommandFlags.DemandMaster);
            return await record.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw RedisSessionStore.Failed(e);
        }
        finally
        {
            Leave();
        }
    }

    private async Task FetchAsync(Batch batch)
    {
        try
        {
            var multiplexer = await connection.GetAsync(CancellationToken.None).ConfigureAwait(false);
            Close(batch);
            batch.Fetches.RemoveAll(static fetch => fetch.HasEnded);
            var database = multiplexer.GetDatabase();
            // Each command on its own: callers do not wait for other nodes of a cluster, nor fail with them.
            await Task.WhenAll(Commands(multiplexer, batch.Fetches).Select(fetches => FetchAsync(database, fetches))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Close(batch);
            batch.Fetches.ForEach(fetch => fetch.Fail(e));
        }
        finally
        {
            Leave();
        }
    }

    private static IEnumerable<List<RedisFetch>> Commands(IConnectionMultiplexer multiplexer, List<RedisFetch> fetches) =>
        fetches.Count > 1 && RedisPrimaries.IsCluster(multiplexer)
            ? fetches.GroupBy(fetch => multiplexer.HashSlot(fetch.Key)).Select(static slot => slot.ToList())
            : [fetches];

    private static async Task FetchAsync(IDatabase database, List<RedisFetch> fetches)
    {
        try
        {
            if (fetches is [var only])
            {
                only.Answer(await database.StringGetAsync(only.Key, CommandFlags.DemandMaster).ConfigureAwait(false));
                return;
            }

            RedisKey[] keys = [.. fetches.Select(static fetch => fetch.Key)];
            var records = await database.StringGetAsync(keys, CommandFlags.DemandMaster).ConfigureAwait(false);
            foreach (var (i, record) in records.Index())
            {
                fetches[i].Answer(record);
            }
        }
        catch (RedisServerException e) when (fetches.Count > 1 && IsSplit(e))
        {
            await Task.WhenAll(fetches.Select(fetch => FetchAsync(database, [fetch]))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fetches.ForEach(fetch => fetch.Fail(e));
        }
    }

    /// <summary>Whether keys are on several nodes: of a slot that is moving, or of several slots where the driver did not know yet that there is a cluster.</summary>
    private static bool IsSplit(RedisServerException e) =>
        e.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal) || e.Message.StartsWith("CROSSSLOT", StringComparison.Ordinal);

    private void Close(Batch batch)
    {
        lock (_lock)
        {
            _isCrowded = batch.Fetches.Count > 1;
            _gathering = _gathering == batch ? null : _gathering;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _underWay--;
        }
    }

    private sealed class Batch(RedisFetches owner) : IThreadPoolWorkItem
    {
        public List<RedisFetch> Fetches { get; } = [];

        public void Execute() => _ = owner.FetchAsync(this);
    }
}
