namespace Sessions.Testing;

/// <summary>
/// A store that fails on command: it passes calls on to the store behind it, counts them, fails those that a test chooses with a
/// <see cref="SessionStoreException"/>, and holds others back until they are released.
/// </summary>
/// <remarks>The store behind stays with the code that made it and is not disposed.</remarks>
/// <param name="inner">The store behind it.</param>
public sealed class FailingSessionStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private readonly FaultPlan _plan = new();

    /// <summary>Fails the next calls of these operations.</summary>
    /// <param name="operations">Which.</param>
    /// <param name="times">How many calls, at least 1, all operations together; default: all until <see cref="ClearFailures"/>.</param>
    /// <param name="moment">Whether the store behind has done its work by then.</param>
    /// <param name="createException">Makes the driver's exception inside; default: a <see cref="TimeoutException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    public void Fail(
        StoreOperations operations = StoreOperations.All,
        int times = int.MaxValue,
        FaultMoment moment = FaultMoment.BeforeTheCall,
        Func<Exception>? createException = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _plan.Fail(
            operations,
            moment,
            times,
            createException ?? (static () => new TimeoutException("The backend did not answer in time."))
        );
    }

    /// <summary>Fails no more. Calls that are held stay so.</summary>
    public void ClearFailures() => _plan.ClearFailures();

    /// <summary>Holds back the next call of these operations until it is released or its token is cancelled.</summary>
    public HeldCall Hold(StoreOperations operations, FaultMoment moment = FaultMoment.BeforeTheCall) => _plan.Hold(operations, moment);

    /// <summary>How many calls of these operations came, failed ones included.</summary>
    public int CountCalls(StoreOperations operations = StoreOperations.All) => _plan.CountCalls(operations);

    /// <inheritdoc />
    public override ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) => RunAsync(StoreOperations.Create, () => Inner.CreateAsync(session, limit, replaces, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Fetch, () => Inner.FetchAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => RunAsync(StoreOperations.FetchAll, () => Inner.FetchAllAsync(userKey, valueKeys, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.FetchByTag, () => Inner.FetchByTagAsync(tag, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Update, () => Inner.UpdateAsync(id, patch, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Touch, () => Inner.TouchAsync(touches, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Delete, () => Inner.DeleteAsync(id, leaves, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    ) => RunAsync(StoreOperations.DeleteAll, () => Inner.DeleteAllAsync(userKey, except, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.DeleteByTag, () => Inner.DeleteByTagAsync(tag, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Prepare, () => Inner.PrepareAsync(cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.DeleteExpired, () => Inner.DeleteExpiredAsync(maxCount, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.FetchPage, () => Inner.FetchPageAsync(continuation, pageSize, cancellationToken), cancellationToken);

    private async ValueTask<T> RunAsync<T>(StoreOperations operation, Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        _plan.Count(operation);
        await _plan.ApplyAsync(operation, FaultMoment.BeforeTheCall, cancellationToken).ConfigureAwait(false);
        var result = await call().ConfigureAwait(false);
        await _plan.ApplyAsync(operation, FaultMoment.AfterTheCall, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private async ValueTask RunAsync(StoreOperations operation, Func<ValueTask> call, CancellationToken cancellationToken) =>
        await RunAsync(
                operation,
                async ValueTask<bool> () =>
                {
                    await call().ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
}
