namespace Sessions.Stores;

/// <summary>A store that can walk through all its sessions, for administrators' code.</summary>
public interface ISessionDirectory : ISessionStore
{
    /// <summary>
    /// A page of the live sessions of all users and visitors, as they are stored at that time. A session that lives from the first page to the last is on at least one of
    /// them, whatever begins and ends meanwhile; whether one is listed that began or ended meanwhile is not said. No page keeps other calls waiting for longer than its own
    /// records take. Any node of the backend can go on with a walk, and a page can be asked for again.
    /// </summary>
    /// <param name="continuation">Where to go on: <see cref="SessionPage.Continuation"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">How many sessions to return, at least 1. A backend that walks in steps of its own may return somewhat more; any may return fewer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="FormatException">The continuation is not one of this store.</exception>
    ValueTask<SessionPage> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken);
}
