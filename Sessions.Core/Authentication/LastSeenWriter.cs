using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>
/// Writes the last use of sessions behind the requests: each session once, many together, in order of id so that nodes do not wait for each
/// other crosswise. No timer runs while nothing waits.
/// </summary>
internal sealed class LastSeenWriter : IDisposable
{
    private static readonly TimeSpan WriteDelay = TimeSpan.FromSeconds(2);
    private const int BatchSize = 1000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writeLock = new(1);
    private readonly ISessionStore _store;
    private readonly ILogger _log;
    private readonly SessionCache? _cache;
    private readonly ITimer _timer;
    private Dictionary<SessionId, (SessionTouch Touch, ClientInfo? Client)> _queued = [];
    private Dictionary<SessionId, (SessionTouch Touch, ClientInfo? Client)> _inFlight = [];

    public LastSeenWriter(ISessionStore store, SessionCache? cache, TimeProvider time, ILogger log)
    {
        (_store, _cache, _log) = (store, cache, log);
        _timer = time.CreateTimer(
            static state => _ = ((LastSeenWriter)state!).WriteAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Add(SessionTouch touch, ClientInfo? client)
    {
        lock (_lock)
        {
            // The timer starts with the first use, and later ones do not restart it: a busy session must not delay the write for ever.
            if (_queued.Count == 0)
            {
                _timer.Change(WriteDelay, Timeout.InfiniteTimeSpan);
            }

            _queued[touch.Id] = (touch, client);
        }
    }

    /// <summary>Whether a use later than <paramref name="since"/> is on its way to the store.</summary>
    public bool HasPending(SessionId id, DateTimeOffset since)
    {
        lock (_lock)
        {
            return (_queued.TryGetValue(id, out var known) || _inFlight.TryGetValue(id, out known)) && known.Touch.LastSeenAt > since;
        }
    }

    /// <summary>
    /// Writes what waits now. Returns when it is written; a failure is logged, and made good by the next use of the sessions.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait. What waits is written all the same: it is others' too.</param>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : new(WriteAsync().WaitAsync(cancellationToken));

    private async Task WriteAsync()
    {
        await _writeLock.WaitAsync().ConfigureAwait(false);
        try
        {
            var waiting = BeginWrite();
            foreach (var batch in waiting.Select(static entry => entry.Touch).OrderBy(static touch => touch.Id).Chunk(BatchSize))
            {
                await _store.TouchAsync(batch, CancellationToken.None).ConfigureAwait(false);

                // A cache entry that was read between the use and this write lacks the use, and the next request would record it again.
                foreach (var touch in batch)
                {
                    _cache?.RecordUse(touch.Id, touch.LastSeenAt);
                }
            }

            foreach (var (touch, client) in waiting.Where(static entry => entry.Client is not null))
            {
                await _store.UpdateAsync(touch.Id, new SessionPatch { LastClient = client }, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (SessionStoreException e)
        {
            SessionLog.TouchFailed(_log, e);
        }
        finally
        {
            EndWrite();
            _writeLock.Release();
        }
    }

    // The semaphore holds nothing that needs disposing, and the container may dispose twice.
    public void Dispose() => _timer.Dispose();

    private Dictionary<SessionId, (SessionTouch Touch, ClientInfo? Client)>.ValueCollection BeginWrite()
    {
        lock (_lock)
        {
            (_inFlight, _queued) = (_queued, []);
            return _inFlight.Values;
        }
    }

    private void EndWrite()
    {
        lock (_lock)
        {
            _inFlight = [];
        }
    }
}
