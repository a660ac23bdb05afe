namespace Sessions.Stores;

/// <summary>A store whose backend has no TTL of its own: what has expired must be deleted by a sweep.</summary>
public interface ISweepableSessionStore : ISessionStore
{
    /// <summary>
    /// Deletes records that expired at least <see cref="ClockTolerance.Deletion"/> ago. A session that slides meanwhile is not deleted.
    /// </summary>
    /// <param name="maxCount">How many sessions to return at the most, at least 1. A sweep that returned as many is called again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The sessions that were deleted, in any order and each once, on whichever node. Records that cannot be read are deleted, too, but neither returned nor
    /// counted against the limit: fewer sessions than the limit mean that nothing more is due. A sweep that fails or is cancelled may have deleted sessions
    /// without telling.
    /// </returns>
    ValueTask<IReadOnlyList<Session>> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken);
}
