namespace Sessions.Stores;

/// <summary>
/// A backend that remembers sessions. Every sentence here is a test of Sessions.Testing's conformance suite; derive from it to prove a store of your own.
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
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session. With a limit, and a session that has a user, the user has at most that many live sessions afterwards, also when many are created
    /// at once: his oldest are ended, never the new one, or the new one is refused. Either all of it happens or nothing.
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
    /// Deletes every session of a user in one step that is atomic towards every other call; afterwards no session of his that was created before the call is
    /// left. Acts on every record whatever its recorded expiry, so a node whose clock runs ahead leaves nothing behind.
    /// </summary>
    /// <param name="userKey">Whose sessions.</param>
    /// <param name="except">A session to spare. When it is not alive, or not this user's, nothing is deleted.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The live sessions that were ended, oldest first; null when <paramref name="except"/> is not alive and this user's.</returns>
    ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken);
}
