namespace Sessions.Stores;

/// <summary>
/// A backend that keeps sessions. Every sentence here is a test of Sessions.Testing's conformance suite; derive from it to prove a store of your own.
/// </summary>
/// <remarks>
/// <para>
/// Rules for all methods. An expired session does not exist: from the exact instant of its expiry, by the injected clock, it is not fetched, listed, updated,
/// touched or counted, whether or not its record is still there. User keys and ids compare ordinally, byte for byte. Any well-formed text without U+0000
/// comes back as it went in. Nothing a caller holds can change what is stored, and arguments are not changed. All members may be called at once from many
/// threads.
/// </para>
/// <para>
/// A token that was cancelled before the call means that nothing was written, and <see cref="OperationCanceledException"/>; cancelled later, the outcome of
/// a write is unknown. A failure of the backend is a <see cref="SessionStoreException"/> with the driver's exception inside, never "not found"; after a
/// write that failed so, it is unknown whether it was stored. A record that cannot be read counts as signed out, with a log message.
/// </para>
/// <para>
/// The members with a body are what not every backend has; the body says that this one has none. A store in front of a store derives from <see cref="DelegatingSessionStore"/>: one that
/// implements this interface by itself would inherit those bodies, and hide what the store behind it has. The host does not start with such a store.
/// </para>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session. With a limit, and a session that has a user, the user has at most that many live sessions afterwards, also when many are created
    /// at once: the oldest of them are ended, never the new one, or the new one is refused. Either all of it happens or nothing.
    /// </summary>
    /// <returns>The live sessions that the limit ended, oldest first.</returns>
    /// <exception cref="DuplicateSessionException">
    /// There is a record of that id, expired or not. Nothing was changed.
    /// </exception>
    /// <exception cref="SessionLimitException">The limit is reached and its policy is to refuse. Nothing was changed.</exception>
    ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken);

    /// <summary>The session of that id, or null: unknown or expired.</summary>
    ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>The live sessions of a user, the earliest created first, of equal ones in order of id; empty when there are none.</summary>
    ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a patch as <see cref="SessionPatch.ApplyTo"/> says, in one atomic step. Of conditional patches that expect the same, one is applied. Patches of
    /// different keys lose nothing of each other. Never brings back a session that was deleted or has expired.
    /// </summary>
    /// <returns>The outcome with the session as it is stored now.</returns>
    ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the last use and the expiry of many sessions forward, never back, as <see cref="SessionTouch.ApplyTo"/> says. Unknown and expired ones are passed
    /// over. An id that stands twice is touched twice.
    /// </summary>
    ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken);

    /// <summary>Deletes a session. A record that has expired is deleted too, but not returned.</summary>
    /// <returns>What was deleted, or null: unknown or expired. Of two calls at once, one returns it.</returns>
    ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes every session of a user in one step that is atomic towards every other call; afterwards no session of this user that was created before the call
    /// is left. Acts on every record whatever its recorded expiry, so a node whose clock runs ahead leaves nothing behind.
    /// </summary>
    /// <param name="userKey">Whose sessions.</param>
    /// <param name="except">A session to spare. When it is not alive, or not this user's, nothing is deleted.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The live sessions that were ended, oldest first; null when <paramref name="except"/> is not alive and this user's.</returns>
    ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken);

    /// <summary>
    /// What the store publishes of changed and ended sessions. Null, the default: it publishes nothing, since the backend cannot, or since that was turned off. Never changes in the life
    /// of a store.
    /// </summary>
    ISessionChangeFeed? ChangeFeed => null;

    /// <summary>
    /// Prepares the backend (a schema, a check of its settings); called when the host starts, before it listens. May be called again, and by several nodes at once. Calls of the store
    /// before it, or after it failed, prepare on their own. The default does nothing.
    /// </summary>
    /// <exception cref="SessionStoreException">The backend cannot be reached. The host starts all the same, and requests get 503 until it can.</exception>
    /// <exception cref="SessionConfigurationException">The backend is set up in a way that cannot be trusted. The host does not start.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Deletes records that expired at least <see cref="ClockTolerance.Deletion"/> ago. A session that slides meanwhile is not deleted.</summary>
    /// <param name="maxCount">How many sessions to return at the most, at least 1. A sweep that returned as many is called again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The sessions that were deleted, in any order and each once, on whichever node. Records that cannot be read are deleted, too, but neither returned nor counted against the limit:
    /// fewer sessions than the limit mean that nothing more is due. A sweep that fails or is cancelled may have deleted sessions without returning them. Null, the default: the backend
    /// deletes what has expired by itself, and always answers so.
    /// </returns>
    ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        new((IReadOnlyList<Session>?)null);

    /// <summary>
    /// A page of the live sessions of all users and visitors, as they are stored at that time: for administrators' code. A session that lives from the first page to the last is on at
    /// least one of them, whatever begins and ends meanwhile; whether one is listed that began or ended meanwhile is not said. No page keeps other calls waiting for longer than its own
    /// records take. Any node of the backend can go on with the pages, and a page can be asked for again.
    /// </summary>
    /// <param name="continuation">Where to go on: <see cref="SessionPage.Continuation"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">How many sessions to return, at least 1. A backend that pages in steps of its own may return somewhat more; any may return fewer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The page. Null, the default: the backend cannot list all its sessions, and always answers so.</returns>
    /// <exception cref="FormatException">The continuation is not one of this store.</exception>
    ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        new((SessionPage?)null);
}
