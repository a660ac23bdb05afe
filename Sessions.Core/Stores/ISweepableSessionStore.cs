namespace Sessions.Stores;

/// <summary>A store whose backend has no TTL of its own: what has expired must be deleted by a sweep.</summary>
public interface ISweepableSessionStore : ISessionStore
{
    /// <summary>
    /// Deletes records that expired at least <see cref="ClockTolerance.Deletion"/> ago. A session that slides meanwhile is not deleted.
    /// </summary>
    /// <param name="limit">How many at the most, at least 1. A sweep that deleted as many is called again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    ValueTask<int> DeleteExpiredAsync(int limit, CancellationToken cancellationToken);
}
