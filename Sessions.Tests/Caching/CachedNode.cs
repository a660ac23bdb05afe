using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Caching;

/// <summary>
/// One process of several over the same data: a manager with a cache, over a store that counts, fails and holds calls, with a feed or
/// without.
/// </summary>
internal sealed class CachedNode : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock;

    public CachedNode(
        ISessionStore data,
        ManualTimeProvider clock,
        bool hasFeed = true,
        bool timersCome = true,
        Action<SessionUpOptions>? configure = null
    )
    {
        _clock = clock;
        Store = new FailingSessionStore(new PlainStore(data));
        Feed = new ManualFeedStore(Store, ManualFeedStore.CreateClock(clock, timersCome));
        HasFeed = hasFeed;
        var options = new SessionUpOptions { Cache = new SessionCacheOptions() };
        configure?.Invoke(options);
        Manager = new SessionManager(hasFeed ? Feed : Store, options, clock);
    }

    public FailingSessionStore Store { get; }

    public ManualFeedStore Feed { get; }

    public bool HasFeed { get; }

    public SessionManager Manager { get; }

    public SessionAdministration Administration => new(Manager);

    /// <summary>How often the store was asked for a session.</summary>
    public int FetchCount => Store.CountCalls(StoreOperations.Fetch);

    public async Task<CachedNode> ConnectAsync(CancellationToken cancellationToken)
    {
        if (HasFeed)
        {
            await Feed.ConnectAsync(cancellationToken);
        }

        return this;
    }

    /// <summary>Lets time pass with a feed that stays alive.</summary>
    public void Advance(TimeSpan time)
    {
        for (; time > ChangeFeedBroker.HeartbeatInterval && HasFeed; time -= ChangeFeedBroker.HeartbeatInterval)
        {
            _clock.Advance(ChangeFeedBroker.HeartbeatInterval);
            Feed.PublishHeartbeat();
        }

        _clock.Advance(time);
        if (HasFeed)
        {
            Feed.PublishHeartbeat();
        }
    }

    public ValueTask<SessionAuthResult> AuthAsync(SessionToken token, CancellationToken cancellationToken) =>
        Manager.AuthAsync(token, null, cancellationToken);

    public async Task<SessionRejection> RejectionAsync(SessionToken token, CancellationToken cancellationToken) =>
        (await AuthAsync(token, cancellationToken)).Rejection;

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        await Feed.DisposeAsync();
    }
}
