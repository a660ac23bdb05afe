namespace Sessions;

/// <content>Hearing of changes that other nodes make.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Whether this node hears of changes by others; null: the store has no feed. A feed is connected only while somebody listens: with a cache always, else while somebody
    /// watches a session.
    /// </summary>
    public ChangeFeedStatus? FeedStatus => _feed?.Status;

    /// <summary>Whether a verdict may come from what is remembered, unless the store itself is asked for.</summary>
    internal bool HasCache => _cache is not null;

    /// <summary>Whether sessions are remembered for a moment, and only their age tells when no longer: the store has no feed.</summary>
    internal bool HasCacheWithoutFeed => _cache is not null && _feed is null;

    /// <summary>Whether the cache is of no use now, since the feed of the store is not connected.</summary>
    internal bool HasLostFeed => _cache is not null && _feed is { Status.IsConnected: false };

    /// <summary>Watches a session until what is returned is disposed.</summary>
    internal RevocationRegistration WatchRevocation(Session session) => _revocationWatcher.Register(session);
}
