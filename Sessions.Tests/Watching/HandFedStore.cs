using Sessions.Stores;

namespace Sessions.Tests.Watching;

/// <summary>A store whose feed is driven by the test: another node tells, or stays silent.</summary>
internal sealed class HandFedStore : PlainStore, ISessionChangeFeed, IAsyncDisposable
{
    private readonly TaskCompletionSource _listening = new();

    public HandFedStore(ISessionStore inner, TimeProvider time)
        : base(inner)
    {
        Hub = SessionChangeHub.Over(
            async (_, cancellationToken) =>
            {
                _listening.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
    }

    public SessionChangeHub Hub { get; }

    public SessionFeedStatus FeedStatus => Hub.Status;

    /// <summary>Completes when the first connection is being made.</summary>
    public Task Listening => _listening.Task;

    public IDisposable Subscribe(ISessionChangeListener listener) => Hub.Subscribe(listener);

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
