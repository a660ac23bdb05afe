namespace Sessions.Stores;

/// <summary>
/// What a store publishes to every node: which sessions were changed or ended, whichever node did it: new secrets, changed values,
/// reauthentications and every end before the time. Published is what has been committed, and soon after it; neither touches nor the expiry
/// of a session are. <see cref="ChangeFeedBroker"/> is one, and does the work that is alike on all backends.
/// </summary>
public interface ISessionChangeFeed
{
    /// <summary>Whether changes are delivered now. Cheap enough to be read with every request.</summary>
    ChangeFeedStatus Status { get; }

    /// <summary>
    /// Delivers changes until the subscription is disposed. The first subscriber makes the feed connect, in the background; the last one
    /// that leaves makes it disconnect. When the feed is connected already, <see cref="ISessionChangeListener.OnConnected"/> is called
    /// before this returns.
    /// </summary>
    IDisposable Subscribe(ISessionChangeListener listener);
}

/// <summary>
/// Receives changes. Its methods are called one after the other, perhaps while the store holds a lock: they return at once, throw nothing,
/// and do not call the store.
/// </summary>
public interface ISessionChangeListener
{
    /// <summary>A session was changed or ended, on whichever node. May come more than once.</summary>
    void OnChange(SessionChange change);

    /// <summary>From here on every change is delivered. What was read before may have changed without a message.</summary>
    void OnConnected();

    /// <summary>From here on nothing is delivered, until <see cref="OnConnected"/>.</summary>
    void OnDisconnected();
}
