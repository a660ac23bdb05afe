using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>Stores with every combination of what a store can do beside.</summary>
internal static class CapabilityStores
{
    public static ChangeFeedStatus Status { get; } = new(true, DateTimeOffset.UnixEpoch);

    /// <param name="combination">1: it is swept; 2: it has a feed; 4: it has a directory; and sums of these.</param>
    /// <param name="inner">What does the work of a store.</param>
    public static ISessionStore Create(int combination, ISessionStore inner) =>
        combination switch
        {
            0 => new PlainStore(inner),
            1 => new Swept(inner),
            2 => new Feed(inner),
            3 => new SweptFeed(inner),
            4 => new Directory(inner),
            5 => new SweptDirectory(inner),
            6 => new FeedDirectory(inner),
            _ => new SweptFeedDirectory(inner),
        };

    private interface ISwept : ISweepableSessionStore
    {
        ValueTask<IReadOnlyList<Session>> ISweepableSessionStore.DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
            new([]);
    }

    private interface IFeed : ISessionChangeFeed
    {
        bool ISessionChangeFeed.IsEnabled => false;

        ChangeFeedStatus ISessionChangeFeed.FeedStatus => Status;

        IDisposable ISessionChangeFeed.Subscribe(ISessionChangeListener listener)
        {
            listener.OnConnected();
            return new MemoryStream();
        }
    }

    private interface IDirectory : ISessionDirectory
    {
        ValueTask<SessionPage> ISessionDirectory.FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
            new(new SessionPage([], $"{continuation} {pageSize}"));
    }

    private sealed class Swept(ISessionStore inner) : PlainStore(inner), ISwept;

    private sealed class Feed(ISessionStore inner) : PlainStore(inner), IFeed;

    private sealed class SweptFeed(ISessionStore inner) : PlainStore(inner), ISwept, IFeed;

    private sealed class Directory(ISessionStore inner) : PlainStore(inner), IDirectory;

    private sealed class SweptDirectory(ISessionStore inner) : PlainStore(inner), ISwept, IDirectory;

    private sealed class FeedDirectory(ISessionStore inner) : PlainStore(inner), IFeed, IDirectory;

    private sealed class SweptFeedDirectory(ISessionStore inner) : PlainStore(inner), ISwept, IFeed, IDirectory;
}
