namespace Sessions.Stores;

/// <summary>A store that prepares its backend (a schema, a check of its settings) when the host starts.</summary>
public interface IPreparableSessionStore : ISessionStore
{
    /// <summary>
    /// Prepares the backend. May be called again, and by several nodes at once. Calls of the store before it, or after it failed, prepare on their own.
    /// </summary>
    /// <exception cref="SessionStoreException">The backend cannot be reached. The host starts all the same, and requests get 503 until it can.</exception>
    /// <exception cref="SessionConfigurationException">The backend is set up in a way that cannot be trusted. The host does not start.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken);
}
