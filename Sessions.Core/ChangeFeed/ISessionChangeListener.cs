namespace Sessions.Stores;

/// <summary>
/// Whoever wants to know of changes. Called one after the other, perhaps while the store holds a lock: return at once, throw nothing, and do not call the store.
/// </summary>
public interface ISessionChangeListener
{
    /// <summary>A session was changed or ended, on whichever node. May be told more than once.</summary>
    void OnChange(SessionChange change);

    /// <summary>From here on everything is told. What was read before may have changed unheard.</summary>
    void OnConnected();

    /// <summary>From here on nothing is told, until <see cref="OnConnected"/>.</summary>
    void OnDisconnected();
}
