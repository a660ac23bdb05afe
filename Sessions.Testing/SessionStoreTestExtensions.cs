namespace Sessions.Testing;

/// <summary>Calls of a store in the form that most tests need.</summary>
internal static class SessionStoreTestExtensions
{
    /// <summary>Creates a session that replaces none.</summary>
    public static ValueTask<SessionCreation> CreateAsync(
        this ISessionStore store,
        Session session,
        SessionLimit? limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.CreateAsync(session, limit, replaces: null, cancellationToken);
    }

    /// <summary>The live session of an id, whatever marker there is without one.</summary>
    public static async ValueTask<Session?> FetchSessionAsync(this ISessionStore store, SessionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.FetchAsync(id, cancellationToken).ConfigureAwait(false)).Session;
    }

    /// <summary>The live sessions of a user with all their values.</summary>
    public static ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        this ISessionStore store,
        string userKey,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.FetchAllAsync(userKey, valueKeys: null, cancellationToken);
    }

    /// <summary>Deletes a session that leaves nothing.</summary>
    public static ValueTask<Session?> DeleteAsync(this ISessionStore store, SessionId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.DeleteAsync(id, SessionMarker.None, cancellationToken);
    }
}
