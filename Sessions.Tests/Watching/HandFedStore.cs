using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Feeds;

namespace Sessions.Tests.Watching;

/// <summary>A store whose feed is driven by the test: another node tells, or stays silent.</summary>
internal sealed class HandFedStore : PlainStore, ISessionChangeFeed, IAsyncDisposable
{
    private readonly ManualTimeProvider _time;
    private readonly FeedClock _clock;
    private TaskCompletionSource _listening = new();

    public HandFedStore(ISessionStore inner, ManualTimeProvider time)
        : base(inner)
    {
        (_time, _clock) = (time, new FeedClock(clock: time));
        Hub = SessionChangeHub.Over(
            async (_, cancellationToken) =>
            {
                _listening.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            _clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
    }

    public SessionChangeHub Hub { get; }

    public SessionFeedStatus FeedStatus => Hub.Status;

    /// <summary>Completes when the first connection is being made.</summary>
    public Task Listening => _listening.Task;

    /// <summary>After a connection was lost: lets the pause pass, and waits until the next one is being made.</summary>
    public async Task ListenAgainAsync(CancellationToken cancellationToken)
    {
        _listening = new();
        _time.Advance(await _clock.NextPauseAsync(cancellationToken));
        await _listening.Task.WaitAsync(cancellationToken);
    }

    public IDisposable Subscribe(ISessionChangeListener listener) => Hub.Subscribe(listener);

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
