namespace Sessions.Stores;

/// <summary>For authors of stores: deletes very many sessions in steps, between which other calls have their turn.</summary>
public static class SessionDeletion
{
    /// <summary>Up to how many sessions <see cref="ISessionStore.DeleteAllAsync"/> has to be one atomic step: 1,000.</summary>
    public const int MaxAtomic = 1000;

    // Other writes wait for as long as a step takes.
    private const int StepSize = 250;

    /// <summary>
    /// Deletes the sessions that are there when it begins. The keys that are read then are the fence: a session that is created later is
    /// not among them.
    /// </summary>
    /// <typeparam name="TKey">What names a record.</typeparam>
    /// <param name="fetchKeys">Reads the keys of all records that are to be deleted.</param>
    /// <param name="deleteStep">
    /// Deletes the records of some keys in one step and returns the live sessions among them; null: nothing is to be deleted after all,
    /// which the first step finds out.
    /// </param>
    /// <param name="cancellationToken">
    /// Has no effect once a session was deleted: only a call that returns says which sessions these were.
    /// </param>
    /// <returns>The sessions that were deleted, oldest first; null: as the first step says.</returns>
    /// <exception cref="IncompleteDeletionException">A step failed behind one that deleted sessions.</exception>
    public static async ValueTask<IReadOnlyList<Session>?> RunAsync<TKey>(
        Func<CancellationToken, ValueTask<IReadOnlyList<TKey>>> fetchKeys,
        Func<IReadOnlyList<TKey>, CancellationToken, ValueTask<IReadOnlyList<Session>?>> deleteStep,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(fetchKeys);
        ArgumentNullException.ThrowIfNull(deleteStep);
        var deleted = new List<Session>();
        var keys = await fetchKeys(cancellationToken).ConfigureAwait(false);
        foreach (var step in keys.Chunk(StepSize))
        {
            try
            {
                var token = deleted.Count == 0 ? cancellationToken : CancellationToken.None;
                if (await deleteStep(step, token).ConfigureAwait(false) is not { } sessions)
                {
                    return null;
                }

                deleted.AddRange(sessions);
            }
            catch (Exception e) when (deleted.Count > 0 && e is (SessionStoreException or ObjectDisposedException))
            {
                throw new IncompleteDeletionException(deleted, e);
            }
        }

        deleted.Sort(SessionOrder.OldestFirst);
        return deleted;
    }
}
