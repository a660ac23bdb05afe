namespace Sessions.Stores;

/// <summary>
/// For authors of stores: <see cref="ISessionStore.DeleteExpiredAsync"/> on a backend that deletes a number of rows at a time.
/// </summary>
public static class SessionSweeping
{
    /// <summary>
    /// Deletes what is due, in as many batches as it takes: again for those rows that could not be read or were not due after all, each
    /// time in a step of its own, so that no other call waits for more than one batch.
    /// </summary>
    /// <param name="maxCount">As the caller gave it.</param>
    /// <param name="time">The clock of the store.</param>
    /// <param name="deleteBatch">
    /// Deletes sessions that expired at an instant or before: the instant, which is <see cref="ClockTolerance.Deletion"/> ago, how many
    /// rows at the most, and what cancels the wait.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Never null; nullable as the contract is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public static async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(
        int maxCount,
        TimeProvider time,
        Func<DateTimeOffset, int, CancellationToken, ValueTask<SweepBatch>> deleteBatch,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(deleteBatch);
        var expiredBy = time.GetUtcNow() - ClockTolerance.Deletion;
        var deleted = new List<Session>();
        int count;
        SweepBatch batch;
        do
        {
            count = maxCount - deleted.Count;
            batch = await deleteBatch(expiredBy, count, cancellationToken).ConfigureAwait(false);
            deleted.AddRange(batch.Sessions);
        } while (batch.RowCount == count && deleted.Count < maxCount);

        return deleted;
    }
}

/// <summary>What one batch of a sweep did.</summary>
public readonly record struct SweepBatch
{
    /// <summary>
    /// How many rows it took, whether or not each could be read or was due after all. As many as the caller wanted: there may be more.
    /// </summary>
    public required int RowCount { get; init; }

    /// <summary>The sessions that were deleted.</summary>
    public required IReadOnlyList<Session> Sessions { get; init; }
}
