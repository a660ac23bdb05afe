namespace Sessions.Stores;

/// <summary>
/// A store that tells every node which sessions were changed or ended, whichever node did it: new secrets, changed values, reauthentications and every end before
/// the time. Told is what has been committed, and soon after it; neither touches nor the expiry of a session are told. <see cref="ChangeFeedBroker"/> does the work that is alike on all
/// backends.
/// </summary>
public interface ISessionChangeFeed : ISessionStore
{
    /// <summary>Whether the store tells at all; false where that was turned off, as if it were no feed. Never changes.</summary>
    bool IsEnabled => true;

    /// <summary>Whether changes are delivered now. Cheap enough to ask with every request.</summary>
    ChangeFeedStatus FeedStatus { get; }

    /// <summary>
    /// Tells of changes until the subscription is disposed. The first subscriber makes the feed connect, in the background; the last one that leaves makes it hang up. When the feed
    /// is connected already, <see cref="ISessionChangeListener.OnConnected"/> is called before this returns.
    /// </summary>
    IDisposable Subscribe(ISessionChangeListener listener);
}
