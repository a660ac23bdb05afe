namespace Sessions.Testing;

/// <content>
/// What the store behind can do beside. Capabilities are found by type test, so a wrapper must not claim one that the store behind lacks: there is a class for every combination, and each
/// capability is written once, in an interface that the classes share.
/// </content>
public abstract partial class FailingSessionStore
{
    private static FailingSessionStore Wrap(ISessionStore inner) =>
        (inner is ISweepableSessionStore, inner is ISessionChangeFeed, inner is ISessionDirectory) switch
        {
            (false, false, false) => new Plain(inner),
            (true, false, false) => new Sweepable(inner),
            (false, true, false) => new Feed(inner),
            (false, false, true) => new Directory(inner),
            (true, true, false) => new SweepableFeed(inner),
            (true, false, true) => new SweepableDirectory(inner),
            (false, true, true) => new FeedAndDirectory(inner),
            (true, true, true) => new SweepableFeedAndDirectory(inner),
        };

    private interface IWrapper
    {
        FailingSessionStore Wrapper => (FailingSessionStore)this;
    }

    private interface ISweepable : IWrapper, ISweepableSessionStore
    {
        ValueTask<IReadOnlyList<Session>> ISweepableSessionStore.DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
            Wrapper.RunAsync(
                StoreOperations.DeleteExpired,
                () => ((ISweepableSessionStore)Wrapper._inner).DeleteExpiredAsync(maxCount, cancellationToken),
                cancellationToken
            );
    }

    private interface IFeed : IWrapper, ISessionChangeFeed
    {
        bool ISessionChangeFeed.IsEnabled => ((ISessionChangeFeed)Wrapper._inner).IsEnabled;

        ChangeFeedStatus ISessionChangeFeed.FeedStatus => ((ISessionChangeFeed)Wrapper._inner).FeedStatus;

        IDisposable ISessionChangeFeed.Subscribe(ISessionChangeListener listener) =>
            ((ISessionChangeFeed)Wrapper._inner).Subscribe(listener);
    }

    private interface IDirectory : IWrapper, ISessionDirectory
    {
        ValueTask<SessionPage> ISessionDirectory.FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
            Wrapper.RunAsync(
                StoreOperations.FetchPage,
                () => ((ISessionDirectory)Wrapper._inner).FetchPageAsync(continuation, pageSize, cancellationToken),
                cancellationToken
            );
    }

    private sealed class Plain(ISessionStore inner) : FailingSessionStore(inner);

    private sealed class Sweepable(ISessionStore inner) : FailingSessionStore(inner), ISweepable;

    private sealed class Feed(ISessionStore inner) : FailingSessionStore(inner), IFeed;

    private sealed class Directory(ISessionStore inner) : FailingSessionStore(inner), IDirectory;

    private sealed class SweepableFeed(ISessionStore inner) : FailingSessionStore(inner), ISweepable, IFeed;

    private sealed class SweepableDirectory(ISessionStore inner) : FailingSessionStore(inner), ISweepable, IDirectory;

    private sealed class FeedAndDirectory(ISessionStore inner) : FailingSessionStore(inner), IFeed, IDirectory;

    private sealed class SweepableFeedAndDirectory(ISessionStore inner) : FailingSessionStore(inner), ISweepable, IFeed, IDirectory;
}
