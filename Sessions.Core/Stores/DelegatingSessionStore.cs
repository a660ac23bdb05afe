namespace Sessions.Stores;

/// <summary>
/// A store in front of another: passes every call on, so that a class derived from it overrides only what it changes and hides nothing of
/// what the store behind it has. A member that is added to the contract is passed on, too.
/// </summary>
/// <param name="inner">The store behind it. The code that made it disposes it.</param>
public abstract class DelegatingSessionStore(ISessionStore inner) : ISessionStore
{
    /// <summary>The store behind it.</summary>
    protected internal ISessionStore Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc />
    public virtual ISessionChangeFeed? ChangeFeed => Inner.ChangeFeed;

    /// <inheritdoc />
    public virtual ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) => Inner.CreateAsync(session, limit, replaces, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        Inner.FetchAsync(id, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Inner.FetchAllAsync(userKey, valueKeys, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Inner.FetchByTagAsync(tag, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        Inner.UpdateAsync(id, patch, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        Inner.TouchAsync(touches, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        Inner.DeleteAsync(id, leaves, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    ) => Inner.DeleteAllAsync(userKey, except, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Inner.DeleteByTagAsync(tag, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask PrepareAsync(CancellationToken cancellationToken) => Inner.PrepareAsync(cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        Inner.DeleteExpiredAsync(maxCount, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        Inner.FetchPageAsync(continuation, pageSize, cancellationToken);
}
