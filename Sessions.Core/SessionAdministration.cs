using System.Runtime.CompilerServices;

namespace Sessions;

/// <summary>
/// What administrators' code does with the sessions of one name: lists and ends any session of any user. Nothing here checks who calls; the
/// verbs on <c>HttpContext</c> do not reach it. All methods throw <see cref="SessionStoreException"/> when the store fails.
/// </summary>
public sealed class SessionAdministration
{
    private const int EnumerationPageSize = 500;

    // Enough to keep a backend busy, and few enough to leave room for the users' own calls: a batch takes no more than these connections.
    private const int MaxParallelRevocations = 16;

    private readonly SessionComponents _components;

    /// <summary>Administration of the sessions of a manager. Applications usually get theirs from <c>AddSessionUp</c>.</summary>
    /// <param name="manager">Of the same sessions; the caller disposes it.</param>
    public SessionAdministration(SessionManager manager)
    {
        ArgumentNullException.ThrowIfNull(manager);
        _components = manager.Components;
    }

    /// <summary>
    /// Whether this node gets the changes of others; null: the store has no feed. A feed is connected only while it has a listener: with a
    /// cache always, else while a request waits for the end of its session.
    /// </summary>
    public ChangeFeedStatus? FeedStatus => _components.Feed?.Status;

    /// <summary>The live sessions of a user, oldest first; empty when there are none.</summary>
    /// <exception cref="ArgumentException">The user key is not 1 to 512 bytes of UTF-8 without U+0000.</exception>
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken = default) =>
        _components.Store.FetchAllAsync(SessionText.CheckUserKey(userKey), valueKeys: null, cancellationToken);

    /// <summary>The live sessions of all users and visitors that have a tag, oldest first; empty when there are none.</summary>
    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _components.Store.FetchByTagAsync(tag, cancellationToken);
    }

    /// <summary>A page of the live sessions of all users and visitors.</summary>
    /// <param name="continuation">Where to go on: <see cref="SessionPage.Continuation"/> of the page before; null: from the
    /// beginning.</param>
    /// <param name="pageSize">How many sessions to return, at least 1; see <see cref="ISessionStore.FetchPageAsync"/>. Default:
    /// 100.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="FormatException">The continuation is not one of the store.</exception>
    /// <exception cref="InvalidOperationException">The store cannot list all its sessions.</exception>
    public async ValueTask<SessionPage> FetchPageAsync(
        string? continuation = null,
        int pageSize = 100,
        CancellationToken cancellationToken = default
    ) =>
        await _components.Store.FetchPageAsync(continuation, pageSize, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException(
            $"The store of these sessions cannot list all of them. The stores for memory, SQLite, LiteDB, Redis and PostgreSQL can; one of your own can when it implements {nameof(ISessionStore.FetchPageAsync)}."
        );

    /// <summary>
    /// The live sessions of all users and visitors, fetched page by page. A session that lives from the beginning to the end is among them,
    /// on Redis perhaps more than once; one that began or ended meanwhile may be.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for a page.</param>
    /// <exception cref="InvalidOperationException">The store cannot list all its sessions.</exception>
    public async IAsyncEnumerable<Session> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? continuation = null;
        do
        {
            var page = await FetchPageAsync(continuation, EnumerationPageSize, cancellationToken).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <summary>Ends a session of any user.</summary>
    /// <returns>The session that was ended; null: there was none.</returns>
    public ValueTask<Session?> RevokeAsync(SessionId id, CancellationToken cancellationToken = default) =>
        _components.EndAsync(id, SessionEndReason.Administrator, actor: null, cancellationToken);

    /// <summary>Ends every session of a user, for instance after a password reset.</summary>
    /// <returns>How many were ended.</returns>
    /// <exception cref="ArgumentException">The user key is not 1 to 512 bytes of UTF-8 without U+0000.</exception>
    public async ValueTask<int> RevokeAllAsync(string userKey, CancellationToken cancellationToken = default)
    {
        SessionText.CheckUserKey(userKey);
        var deletion = _components.Store.DeleteAllAsync(userKey, except: null, cancellationToken);
        var ended = await _components.EndManyAsync(deletion, static _ => SessionEndReason.Administrator, actor: null).ConfigureAwait(false);
        return ended?.Count ?? 0;
    }

    /// <summary>
    /// Ends every session of any user or visitor that has a tag and was begun before the call: those of one sign-in at an identity
    /// provider, of a device, of a tenant, of an operator.
    /// </summary>
    /// <returns>How many were ended.</returns>
    /// <exception cref="IncompleteDeletionException">The store failed when some were ended. They stay ended; the same call ends the
    /// rest.</exception>
    public async ValueTask<int> RevokeByTagAsync(SessionTag tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var deletion = _components.Store.DeleteByTagAsync(tag, cancellationToken);
        var ended = await _components.EndManyAsync(deletion, static _ => SessionEndReason.Administrator, actor: null).ConfigureAwait(false);
        return ended.Count;
    }

    /// <summary>
    /// Ends every session of any user for which <paramref name="predicate"/> returns true. Whatever matches and was begun before the call
    /// is ended. What begins meanwhile may be missed, so a reason to sign in again should be gone first. The call fetches page by page and
    /// ends the matching sessions of a page, a few at once, before it fetches the next.
    /// </summary>
    /// <param name="predicate">
    /// Given the user key (null: a visitor's) and when the session was created. Neither ever changes in the life of a session, so the
    /// answer still holds when the session is ended.
    /// </param>
    /// <param name="progress">Gets after each page how many sessions were ended so far, also when the call stops there for a failure or a
    /// cancellation.</param>
    /// <param name="cancellationToken">Stops it between two pages; what was ended stays ended.</param>
    /// <returns>How many sessions this call ended, each counted once.</returns>
    /// <exception cref="InvalidOperationException">The store cannot list all its sessions.</exception>
    /// <exception cref="SessionStoreException">
    /// The store failed. The message says how many sessions were ended before that; they stay ended, and the call can be made again for the
    /// rest.
    /// </exception>
    public async ValueTask<int> RevokeWhereAsync(
        Func<string?, DateTimeOffset, bool> predicate,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var ended = 0;
        string? continuation = null;
        do
        {
            try
            {
                var page = await FetchPageAsync(continuation, EnumerationPageSize, cancellationToken).ConfigureAwait(false);
                var matching = page.Sessions.Where(session => predicate(session.UserKey, session.CreatedAt)).ToList();
                await RevokeBatchAsync(matching, () => Interlocked.Increment(ref ended)).ConfigureAwait(false);
                continuation = page.Continuation;
            }
            catch (SessionStoreException e)
            {
                throw new SessionStoreException(
                    $"The store failed after {ended} sessions were ended. They stay ended; make the call again for the rest. {e.Message}",
                    e
                );
            }
            finally
            {
                progress?.Report(ended);
            }
        } while (continuation is not null);

        return ended;
    }

    /// <summary>Ends sessions. One that is gone already, since a page repeated it or its user signed out, is not counted.</summary>
    private Task RevokeBatchAsync(List<Session> sessions, Action onRevoked) =>
        Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelRevocations },
            async (session, _) =>
            {
                // Not cancelled: a deletion that was given up on its way may have happened, and would be neither counted nor reported.
                if (await RevokeAsync(session.Id, CancellationToken.None).ConfigureAwait(false) is not null)
                {
                    onRevoked();
                }
            }
        );
}
