namespace Sessions.Stores;

/// <summary>
/// A backend that keeps sessions. Every sentence here is a test of Sessions.Testing's conformance suite; derive from it to prove a store of
/// your own.
/// </summary>
/// <remarks>
/// <para>
/// Rules for all methods. An expired session does not exist: from the exact instant of its expiry, by the injected clock, it is not
/// fetched, listed, updated, touched or counted, whether or not its record is still there. User keys, tags and ids compare ordinally, byte
/// for byte. Any well-formed text without U+0000 comes back as it went in. Nothing a caller holds can change what is stored, and arguments
/// are not changed. All members may be called at once from many threads.
/// </para>
/// <para>
/// A token that was cancelled before the call means that nothing was written, and <see cref="OperationCanceledException"/>; cancelled
/// later, the outcome of a write is unknown. A failure of the backend is a <see cref="SessionStoreException"/> with the driver's exception
/// inside, never "not found"; after a write that failed so, it is unknown whether it was stored. A record that cannot be read counts as
/// signed out, with a log message: it is not returned and counts for no limit, and only its deletion or its expiry removes it.
/// </para>
/// <para>
/// A marker (<see cref="SessionMarker"/>) is no session. It is fetched by its id until <see cref="SessionMarkerLifetime.Duration"/> after
/// the session ended, at the exact instant no longer; it is not listed, paged, counted, touched, updated, or returned by a deletion, and a
/// deletion leaves it as it is.
/// </para>
/// <para>
/// The members with a body are what not every backend has; the body says that this one has none. A store in front of a store derives from
/// <see cref="DelegatingSessionStore"/>: one that implements this interface by itself would inherit those bodies, and hide what the store
/// behind it has. The host does not start with such a store.
/// </para>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session, also one that has expired already. With a limit, and a session that has a user, the user has at most that many
    /// live sessions of its kind (bearer sessions, or all others) afterwards, also when many are created at once: the least recently used
    /// of them are ended, as <see cref="SessionLimit.GetEvicted"/> says, never the new one; or the new one is refused. Either all of it
    /// happens or nothing. Only a user who has more than 1,000 sessions beyond the limit may lose them in several steps before.
    /// </summary>
    /// <param name="session">The new session.</param>
    /// <param name="limit">The limit of its user; null: none.</param>
    /// <param name="replaces">
    /// A session of the same user that ends in this step, if it is alive, leaves <see cref="SessionMarker.Replaced"/>, and does not count
    /// for the limit. A visitor's, another user's, an expired or an unknown one is left alone, and so is the new session itself.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The live sessions that were ended.</returns>
    /// <exception cref="DuplicateSessionException">
    /// There is a record of that id: a session, expired or not, one that cannot be read, or a marker. Nothing was changed. Where the limit
    /// is reached, too, this is what is thrown.
    /// </exception>
    /// <exception cref="SessionLimitException">The limit is reached and its policy is to refuse. Nothing was changed.</exception>
    /// <exception cref="IncompleteDeletionException">The backend failed between two steps. The session was not stored.</exception>
    ValueTask<SessionCreation> CreateAsync(Session session, SessionLimit? limit, SessionId? replaces, CancellationToken cancellationToken);

    /// <summary>The live session of that id, or the marker that it left; neither: unknown or expired.</summary>
    ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>
    /// The live sessions of a user, the earliest created first, of equal ones in order of id; empty when there are none. A user with very
    /// many sessions is read in pages where one read would hold up the server: a session that lives from the beginning to the end of the
    /// call is listed, once.
    /// </summary>
    /// <param name="userKey">Whose sessions.</param>
    /// <param name="valueKeys">The keys of the values that the sessions come with; null: all values.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The live sessions of all users and visitors that have a tag, the earliest created first, of equal ones in order of id; empty when
    /// there are none.
    /// </summary>
    ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a patch as <see cref="SessionPatch.ApplyTo"/> says, in one atomic step. Of conditional patches that expect the same, one is
    /// applied. Patches of different keys lose nothing of each other. Never brings back a session that was deleted or has expired.
    /// </summary>
    /// <returns>The outcome with the session as it is stored now.</returns>
    ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the last use and the expiry of many sessions forward, never back, and never past a session's absolute end, as
    /// <see cref="SessionTouch.ApplyTo"/> says. Unknown and expired ones are passed over. An id that stands twice is touched twice. Each
    /// touch is a step of its own: the batch need not be one.
    /// </summary>
    ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken);

    /// <summary>Deletes a session. A record that has expired, or cannot be read, is deleted too, but not returned.</summary>
    /// <param name="id">Which session.</param>
    /// <param name="leaves">What it leaves under its id, in the same step, if it was alive.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What was deleted, or null: unknown or expired. Of two calls at once, one returns it.</returns>
    ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes every session of a user. Up to 1,000 sessions it is one step that is atomic towards every other call; with more it may be
    /// several. When it returns, no session of this user that was created before the call is left, and none that was created later was
    /// touched. Acts on every record whatever its recorded expiry, so a node whose clock runs ahead leaves nothing behind.
    /// </summary>
    /// <param name="userKey">Whose sessions.</param>
    /// <param name="except">A session to spare. When it is not alive, cannot be read, or is not this user's, nothing is deleted.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The live sessions that were ended, oldest first; null when <paramref name="except"/> is not alive and this user's.
    /// </returns>
    /// <exception cref="IncompleteDeletionException">The backend failed between two steps. The same call deletes the rest.</exception>
    ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes every session of all users and visitors that has a tag and whose creation, or the patch that added the tag, was done before
    /// the call, whatever its recorded expiry. It need not be one step.
    /// </summary>
    /// <returns>The live sessions that were ended, oldest first.</returns>
    /// <exception cref="IncompleteDeletionException">The backend failed half-way. The same call deletes the rest.</exception>
    ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken);

    /// <summary>
    /// What the store publishes of changed and ended sessions. Null, the default: it publishes nothing, since the backend cannot, or since
    /// that was turned off. Never changes in the life of a store.
    /// </summary>
    ISessionChangeFeed? ChangeFeed => null;

    /// <summary>
    /// Prepares the backend (a schema, a check of its settings); called when the host starts, before it listens. May be called again, and
    /// by several nodes at once. Calls of the store before it, or after it failed, prepare on their own. The default does nothing.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for a backend that has not answered yet. The host does so after two seconds, and
    /// prepares the backend in the background when it answers. One that has answered may be prepared to the end.</param>
    /// <exception cref="SessionStoreException">The backend cannot be reached. The host starts all the same, and requests get 503 until it
    /// can.</exception>
    /// <exception cref="SessionConfigurationException">The backend is set up in a way that cannot be trusted. The host does not
    /// start.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Deletes records that expired at least <see cref="ClockTolerance.Deletion"/> ago, and markers that long after they were last found. A
    /// session that slides meanwhile is not deleted.
    /// </summary>
    /// <param name="maxCount">How many sessions to return at the most, at least 1. A sweep that returned as many is called again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The sessions that were deleted, in any order and each once, on whichever node. A record that another call holds at that moment may be
    /// left to a later sweep. Markers and records that cannot be read are deleted,
    /// too, but neither returned nor counted against the limit: fewer sessions than the limit mean that nothing more is due. A sweep that
    /// fails or is cancelled may have deleted sessions without returning them. Null, the default: the backend deletes what has expired by
    /// itself, and always answers so.
    /// </returns>
    ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        new((IReadOnlyList<Session>?)null);

    /// <summary>
    /// A page of the live sessions of all users and visitors, as they are stored at that time: for administrators' code. A session that
    /// lives from the first page to the last is on at least one of them, whatever begins and ends meanwhile; whether one is listed that
    /// began or ended meanwhile is not said. No page keeps other calls waiting for longer than its own records take. Any node of the
    /// backend can go on with the pages, and a page can be fetched again.
    /// </summary>
    /// <param name="continuation">Where to go on: <see cref="SessionPage.Continuation"/> of the page before; null: from the
    /// beginning.</param>
    /// <param name="pageSize">How many sessions to return, at least 1. A backend that pages in steps of its own may return somewhat more;
    /// any may return fewer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The page. Null, the default: the backend cannot list all its sessions, and always answers so.</returns>
    /// <exception cref="FormatException">The continuation is not one of this store.</exception>
    ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        new((SessionPage?)null);
}
