using System.Runtime.CompilerServices;
using Sessions.Events;

namespace Sessions;

/// <content>Walking through the sessions of all users, for administrators' code.</content>
public sealed partial class SessionManager
{
    private const int EnumerationPageSize = 500;

    // Enough to keep a backend busy, and few enough to leave room for the users' own calls: a batch takes no more than these connections.
    private const int MaxParallelRevocations = 16;

    /// <summary>A page of the live sessions of all users and visitors: for administrators' code.</summary>
    /// <param name="continuation">Where to go on: <see cref="SessionPage.Continuation"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">How many sessions to return, at least 1; see <see cref="ISessionStore.FetchPageAsync"/>. Default: 100.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="FormatException">The continuation is not one of the store.</exception>
    /// <exception cref="InvalidOperationException">The store cannot list all its sessions.</exception>
    public async ValueTask<SessionPage> FetchPageAsync(
        string? continuation = null,
        int pageSize = 100,
        CancellationToken cancellationToken = default
    ) =>
        await _store.FetchPageAsync(continuation, pageSize, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException(
            $"The store of these sessions cannot list all of them. The stores for memory, SQLite, LiteDB, Redis and PostgreSQL can; one of your own can when it implements {nameof(ISessionStore.FetchPageAsync)}."
        );

    /// <summary>
    /// The live sessions of all users and visitors, fetched page by page: for administrators' code. A session that lives from the beginning to the end is among them, on Redis
    /// perhaps more than once; whether one is that began or ended meanwhile is not said.
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

    /// <summary>
    /// Ends every session, whoever owns it, of which <paramref name="predicate"/> says so: for administrators' code. Whatever matches and was begun before the call is ended.
    /// What begins meanwhile may be missed, so a reason to sign in again should be gone first. It walks page by page and ends the matching sessions of a page, a few at once,
    /// before it looks at the next.
    /// </summary>
    /// <param name="predicate">
    /// Given the user key (null: a visitor's) and when the session was created. Neither ever changes in the life of a session, so what was said of it still holds when it is
    /// ended.
    /// </param>
    /// <param name="progress">
    /// Told after each page how many sessions were ended so far, also when it stops there for a failure or a cancellation; null: nobody is.
    /// </param>
    /// <param name="cancellationToken">Stops it between two pages; what was ended stays ended.</param>
    /// <returns>How many sessions this call ended, each counted once.</returns>
    /// <exception cref="InvalidOperationException">The store cannot list all its sessions.</exception>
    /// <exception cref="SessionStoreException">
    /// The store failed. The message says how many sessions were ended before that; they stay ended, and the call can be made again for the rest.
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
                await RevokeAsync(matching, () => Interlocked.Increment(ref ended)).ConfigureAwait(false);
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
    private Task RevokeAsync(List<Session> sessions, Action onRevoked) =>
        Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelRevocations },
            async (session, _) =>
            {
                // Not to be cancelled: a deletion given up on its way may have happened, and would neither be counted nor told.
                if (
                    await EndAsync(session.Id, SessionEndReason.Administrator, actor: null, CancellationToken.None).ConfigureAwait(false)
                    is not null
                )
                {
                    onRevoked();
                }
            }
        );
}
