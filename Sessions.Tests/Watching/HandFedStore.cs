using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Caching;

namespace Sessions.Tests.Watching;

/// <summary>A store whose feed is driven by the test: another node tells, or stays silent.</summary>
internal sealed class HandFedStore : PlainStore, ISessionChangeFeed, IAsyncDisposable
{
    private readonly SemaphoreSlim _attempts = new(0);

    public HandFedStore(ISessionStore inner, ManualTimeProvider clock)
        : base(inner)
    {
        Hub = SessionChangeHub.Over(
            async (_, cancellationToken) =>
            {
                _attempts.Release();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            new FeedClock(clock),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
    }

    public SessionChangeHub Hub { get; }

    public SessionFeedStatus FeedStatus => Hub.Status;

    /// <summary>Completes when the next connection is being made.</summary>
    public Task ListeningAsync() => _attempts.WaitAsync(WatchedApp.Patience);

    public IDisposable Subscribe(ISessionChangeListener listener) => Hub.Subscribe(listener);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _attempts.Dispose();
    }
}
